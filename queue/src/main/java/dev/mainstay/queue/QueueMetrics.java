package dev.mainstay.queue;

import java.time.Duration;
import java.time.Instant;

/**
 * What the workers of a queue have done within a minute.
 *
 * @param minute its start
 * @param completed jobs
 * @param failed jobs that have failed for good
 * @param failedAttempts attempts that have failed, the last ones included
 * @param waiting how long jobs had waited as their first attempt began, from when they were added
 *     or due; parents are not counted
 * @param running how long attempts have run
 */
public record QueueMetrics(
    Instant minute,
    long completed,
    long failed,
    long failedAttempts,
    Latency waiting,
    Latency running) {
  /** How long they are kept. */
  public static final Duration KEPT = Duration.ofDays(15);

  public static QueueMetrics none(Instant minute) {
    return new QueueMetrics(minute, 0, 0, 0, Latency.NONE, Latency.NONE);
  }

  /** Both, of the same minute. */
  public QueueMetrics plus(QueueMetrics other) {
    return new QueueMetrics(
        minute,
        completed + other.completed,
        failed + other.failed,
        failedAttempts + other.failedAttempts,
        waiting.plus(other.waiting),
        running.plus(other.running));
  }
}
