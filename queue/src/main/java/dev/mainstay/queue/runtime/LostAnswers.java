package dev.mainstay.queue.runtime;

import dev.mainstay.queue.spi.QueueStore;
import dev.mainstay.queue.spi.Unheard;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back the jobs that a worker has taken without hearing of it, which would wait for the end
 * of their leases: the connection was lost at the commit, or the commit came late. Only the
 * dispatcher's thread uses it.
 */
final class LostAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(LostAnswers.class);

  /** Beyond so many, the end of the leases gives back what was taken. */
  private static final int MAX = 1000;

  /**
   * Until the second look. Each later wait is twice as long: a commit may still be on its way when
   * its client has given up.
   */
  private static final Duration WAIT = Duration.ofMillis(500);

  /** How long a worker that closes waits for a store that is away. */
  private static final Duration CLOSING = Duration.ofSeconds(3);

  private static final Duration RETRY = Duration.ofMillis(50);

  private final Slots slots;
  private final QueueStore store;
  private final InstantSource clock;
  private final String workerId;
  private final String label;
  private final Set<Instant> leaseEnds = new LinkedHashSet<>();

  /** {@link System#nanoTime} of the next look. */
  private long lookAt = System.nanoTime();

  private Duration wait = WAIT;

  LostAnswers(Slots slots, QueueStore store, InstantSource clock, String workerId, String label) {
    this.slots = slots;
    this.store = store;
    this.clock = clock;
    this.workerId = workerId;
    this.label = label;
  }

  /**
   * An exchange has failed, which may have taken jobs.
   *
   * @param leaseUntil the end of their leases
   */
  void add(Instant leaseUntil) {
    if (leaseEnds.size() < MAX) {
      leaseEnds.add(leaseUntil.truncatedTo(ChronoUnit.MILLIS));
    }
    lookAt = System.nanoTime();
    wait = WAIT;
  }

  /** True if the store is to be asked now. */
  boolean due() {
    return !leaseEnds.isEmpty() && lookAt - System.nanoTime() <= 0;
  }

  /** Asks the store, and gives back what it has that the worker does not know. */
  void giveBack() {
    Instant now = clock.instant();
    leaseEnds.removeIf(end -> !now.isBefore(end));
    if (leaseEnds.isEmpty()) {
      return;
    }
    int count = store.giveBack(new Unheard(workerId, Set.copyOf(leaseEnds), slots.tokens()), now);
    lookAt = System.nanoTime() + wait.toNanos();
    wait = wait.multipliedBy(2);
    if (count > 0) {
      LOG.warn("{}: {} jobs that a lost answer had brought wait again", label, count);
    }
  }

  /** The worker ends, and nobody would ask later: tries for a while. */
  void close() {
    long deadline = System.nanoTime() + CLOSING.toNanos();
    while (!leaseEnds.isEmpty()) {
      try {
        giveBack();
        return;
      } catch (RuntimeException e) {
        if (deadline - System.nanoTime() <= 0) {
          LOG.error("{}: could not look for jobs that a lost answer had brought", label, e);
          return;
        }
        LockSupport.parkNanos(RETRY.toNanos());
      }
    }
  }
}
