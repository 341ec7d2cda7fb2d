package dev.mainstay.queue.runtime;

import dev.mainstay.queue.Limits;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.spi.JobIds;
import dev.mainstay.queue.spi.Presence;
import dev.mainstay.queue.spi.QueueStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells others that a worker is there, until it is closed. */
final class Announcer {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

  /** Others miss a worker after six such times. */
  private static final Duration EVERY = Duration.ofSeconds(10);

  private static final int MAX_HOST_BYTES = 255;

  /** A resolver that does not answer may not keep a worker from its leases. */
  private static final CompletableFuture<Optional<String>> HOST =
      CompletableFuture.supplyAsync(Announcer::host, task -> Thread.ofVirtual().start(task));

  private final QueueStore store;
  private final InstantSource clock;
  private final WorkerOptions options;
  private final String label;
  private final Instant startedAt;
  private final String id;

  /** {@link System#nanoTime} of the next time; only the lease keeper's thread uses it. */
  private long at = System.nanoTime();

  Announcer(QueueStore store, InstantSource clock, WorkerOptions options, String label) {
    this.store = store;
    this.clock = clock;
    this.options = options;
    this.label = label;
    startedAt = clock.instant();
    id = JobIds.next(startedAt);
  }

  private static Optional<String> host() {
    try {
      String name = InetAddress.getLocalHost().getHostName();
      return name.isBlank() ? Optional.empty() : Optional.of(Limits.cut(name, MAX_HOST_BYTES));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** {@link System#nanoTime} at which it is to be told again. */
  long at() {
    return at;
  }

  void announceIfDue() {
    if (at - System.nanoTime() > 0) {
      return;
    }
    at = System.nanoTime() + EVERY.toNanos();
    try {
      store.announce(
          new Presence(
              id,
              options.workerId(),
              HOST.getNow(Optional.empty()),
              ProcessHandle.current().pid(),
              options.concurrency(),
              startedAt),
          clock.instant());
    } catch (Throwable e) {
      LOG.warn("{}: could not tell that it is there; trying again: {}", label, e.toString());
    }
  }

  void withdraw() {
    try {
      store.withdraw(id);
    } catch (Throwable e) {
      LOG.warn("{}: could not tell that it is closed: {}", label, e.toString());
    }
  }
}
