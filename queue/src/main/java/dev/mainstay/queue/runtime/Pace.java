package dev.mainstay.queue.runtime;

import dev.mainstay.queue.spi.Outlook;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** When the dispatcher asks the store next. Not thread-safe; {@link Slots} guards it. */
final class Pace {
  /** Finds jobs that were added without a wake-up, by other processes for example. */
  static final Duration POLL = Duration.ofSeconds(2);

  private static final long MAX_RETRY_MILLIS = 5_000;

  private boolean woken = true;
  private boolean heard;
  private int failures;
  private long pollAt = System.nanoTime();
  private long retryAt = System.nanoTime();

  /** There may be something to take. */
  void wake() {
    woken = true;
  }

  /** Another process may have left something to take. */
  void hear() {
    heard = true;
  }

  boolean woken() {
    return woken;
  }

  /** The store is being asked. */
  void asked() {
    woken = false;
    heard = false;
  }

  boolean pollDue() {
    return heard || nanosToPoll() <= 0;
  }

  long nanosToPoll() {
    return pollAt - System.nanoTime();
  }

  /** Time until the store may be asked again after a failure. */
  long nanosToRetry() {
    return retryAt - System.nanoTime();
  }

  /**
   * The store answered.
   *
   * @param now epoch milliseconds by the clock of the leases
   */
  void succeeded(Outlook outlook, long now) {
    failures = 0;
    long wait = POLL.toMillis();
    if (outlook.nextDue() != Long.MAX_VALUE) {
      wait = Math.clamp(outlook.nextDue() - now, 0L, wait);
    }
    pollAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wait);
    woken |= outlook.waiting();
  }

  /**
   * The store failed.
   *
   * @return the wait in milliseconds; it doubles with each failure
   */
  long failed() {
    failures++;
    long wait = Math.min(25L << Math.min(failures, 10), MAX_RETRY_MILLIS);
    retryAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wait);
    woken = true;
    return wait;
  }
}
