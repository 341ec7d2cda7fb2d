package dev.mainstay.queue;

import java.time.Duration;

/**
 * How long a failed job waits for its next attempt.
 *
 * @param jitter part of the wait that is drawn at random, from 0 to 1
 */
public record Backoff(Kind kind, Duration delay, double jitter) {

  public static final Backoff NONE = new Backoff(Kind.FIXED, Duration.ZERO, 0);

  /** BullMQ's built-in kinds. */
  public enum Kind {
    FIXED,
    EXPONENTIAL
  }
}
