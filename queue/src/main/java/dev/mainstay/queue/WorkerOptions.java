package dev.mainstay.queue;

import java.time.Duration;

/**
 * @param workerId names the process; stays the same over its restarts, so that {@link
 *     TaskQueue#takeOver} finds what it had
 * @param concurrency how many jobs run at once here
 * @param lease how long a job stays this worker's without a sign of life; renewed at a third of it
 * @param maxStalled how often a job may be lost by its worker before it fails instead of returning
 */
public record WorkerOptions(String workerId, int concurrency, Duration lease, int maxStalled) {

  public static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);
  public static final Duration MIN_LEASE = Duration.ofMillis(100);
  public static final Duration MAX_LEASE = Duration.ofDays(1);
  public static final int MAX_CONCURRENCY = 10_000;

  /**
   * @throws IllegalArgumentException a value is out of range
   */
  public WorkerOptions {
    Limits.name("workerId", workerId);
    if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
      throw new IllegalArgumentException(
          "concurrency must be from 1 to %d, not %d".formatted(MAX_CONCURRENCY, concurrency));
    }
    if (lease.compareTo(MIN_LEASE) < 0 || lease.compareTo(MAX_LEASE) > 0) {
      throw new IllegalArgumentException(
          "The lease must be from %s to %s, not %s".formatted(MIN_LEASE, MAX_LEASE, lease));
    }
    if (maxStalled < 0) {
      throw new IllegalArgumentException("maxStalled must not be negative, it is " + maxStalled);
    }
  }
}
