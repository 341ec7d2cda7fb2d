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
}
