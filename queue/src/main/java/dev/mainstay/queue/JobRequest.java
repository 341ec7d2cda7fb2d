package dev.mainstay.queue;

import java.time.Duration;

/**
 * A job to add.
 *
 * @param id unique in its queue, 1 to {@link #MAX_NAME_LENGTH} characters; adding an id that exists
 *     returns the job that is there
 * @param name what kind of job it is, 1 to {@link #MAX_NAME_LENGTH} characters
 * @param data JSON text, at most {@link TaskQueue#MAX_DATA_BYTES} in UTF-8
 * @param delay time until it is due, from zero to {@link #MAX_DELAY}
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

  public static final int MAX_NAME_LENGTH = 255;
  public static final Duration MAX_DELAY = Duration.ofDays(3650);

  /**
   * @throws IllegalArgumentException a value is out of range; the message names the limit
   */
  public JobRequest {
    Limits.name("id", id);
    Limits.name("name", name);
    Limits.bytes("data", data, TaskQueue.MAX_DATA_BYTES);
    if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
      throw new IllegalArgumentException(
          "The delay must be from zero to %s, not %s".formatted(MAX_DELAY, delay));
    }
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be at least 1, not " + attempts);
    }
  }

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
