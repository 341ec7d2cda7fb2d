package dev.mainstay.queue;

import java.time.Duration;

/**
 * A job to add.
 *
 * @param id unique in its queue; adding an id that exists returns the job that is there
 * @param name what kind of job it is
 * @param data JSON text, at most {@link TaskQueue#MAX_DATA_BYTES} in UTF-8
 * @param attempts how often it may be tried in all, at least 1
 */
public record JobRequest(
    String id,
    String name,
    String data,
    Priority priority,
    Duration delay,
    int attempts,
    Backoff backoff) {

  /** Once, at P2, now. */
  public static JobRequest of(String id, String name, String data) {
    return new JobRequest(id, name, data, Priority.P2, Duration.ZERO, 1, Backoff.NONE);
  }

  public JobRequest withPriority(Priority value) {
    return new JobRequest(id, name, data, value, delay, attempts, backoff);
  }

  public JobRequest withDelay(Duration value) {
    return new JobRequest(id, name, data, priority, value, attempts, backoff);
  }

  public JobRequest withAttempts(int value, Backoff wait) {
    return new JobRequest(id, name, data, priority, delay, value, wait);
  }
}
