package dev.mainstay.server.platform;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a write would succeed now, found out by one: a transaction with a row that it takes back
 * again. There is one probe at a time, whose result holds for a second, so that any number of those
 * who ask cost the same; a store that does not answer has them all wait for the same deadline.
 *
 * <p>An outage is logged once when it begins and once when it is over, however many requests it
 * refuses.
 */
public final class StorageHealth implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StorageHealth.class);

  private static final Duration HOLDS = Duration.ofSeconds(1);
  private static final Duration DEADLINE = Duration.ofSeconds(2);

  private final Database database;
  private final DataDirectory data;
  private final WriteProbeStore probes = new WriteProbeStore();
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by lock.
  private @Nullable CompletableFuture<Boolean> probe;
  private long probedAt;
  private boolean out;
  private final AtomicLong refused = new AtomicLong();
  private volatile boolean closed;

  public StorageHealth(Database database, DataDirectory data) {
    this.database = database;
    this.data = data;
  }

  /** Answers within two seconds. */
  public boolean writable() {
    try {
      return data.isThere() && probe().get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  private CompletableFuture<Boolean> probe() {
    lock.lock();
    try {
      CompletableFuture<Boolean> last = probe;
      if (last != null && (!last.isDone() || System.nanoTime() - probedAt < HOLDS.toNanos())) {
        return last;
      }
      CompletableFuture<Boolean> next = new CompletableFuture<>();
      probe = next;
      probedAt = System.nanoTime();
      Thread.ofVirtual().name("write-probe").start(() -> next.complete(write()));
      return next;
    } finally {
      lock.unlock();
    }
  }

  private boolean write() {
    try {
      database.execute(probes::probe);
      return true;
    } catch (RuntimeException | Error e) {
      ProcessEnd.ifFatal(e);
      log.debug("A write would not succeed now", e);
      return false;
    }
  }

  /**
   * A request was refused because the store is away.
   *
   * @param failure that {@link Databases#isAway} knows
   */
  public void refused(Throwable failure) {
    refused.incrementAndGet();
    lock.lock();
    try {
      if (out || closed) {
        return;
      }
      out = true;
      // What the last probe has seen is over.
      probe = null;
    } finally {
      lock.unlock();
    }
    log.warn(
        "The store is away, and requests that need it are refused until it is back: {}",
        StorageErrors.reason(failure).orElseGet(failure::toString));
    Thread unused = PartThread.start("storage-outage", this::awaitBack);
  }

  private void awaitBack() throws InterruptedException {
    long began = System.nanoTime();
    do {
      Thread.sleep(HOLDS);
      if (closed) {
        return;
      }
    } while (!writable());
    lock.lock();
    try {
      out = false;
    } finally {
      lock.unlock();
    }
    log.info(
        "The store is back after {} s; {} requests were refused",
        Duration.ofNanos(System.nanoTime() - began).toSeconds(),
        refused.getAndSet(0));
  }

  @Override
  public void close() {
    closed = true;
  }
}
