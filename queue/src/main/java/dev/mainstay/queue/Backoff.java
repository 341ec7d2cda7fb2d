package dev.mainstay.queue;

import java.time.Duration;

/**
 * How long a failed job waits for its next attempt.
 *
 * @param delay wait after the first failure, from zero to {@link #MAX_WAIT}
 * @param jitter part of the wait that is drawn at random, from 0 to 1
 */
public record Backoff(Kind kind, Duration delay, double jitter) {

  /** No wait is longer, however many attempts have failed. */
  public static final Duration MAX_WAIT = Duration.ofDays(365);

  public static final Backoff NONE = new Backoff(Kind.FIXED, Duration.ZERO, 0);

  /** BullMQ's built-in kinds. */
  public enum Kind {
    /** The same wait each time. */
    FIXED,
    /** Twice the wait before it each time. */
    EXPONENTIAL
  }

  /**
   * @throws IllegalArgumentException a value is out of range
   */
  public Backoff {
    if (delay.isNegative() || delay.compareTo(MAX_WAIT) > 0) {
      throw new IllegalArgumentException(
          "The backoff delay must be from zero to %s, not %s".formatted(MAX_WAIT, delay));
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException(
          "The backoff jitter must be from 0 to 1, not %s".formatted(jitter));
    }
  }

  /**
   * The wait before the next attempt.
   *
   * @param failures attempts that have failed, at least 1
   * @param draw a random number from 0 to 1; 1 takes the whole jitter off the wait
   */
  public Duration waitAfter(int failures, double draw) {
    double growth =
        switch (kind) {
          case FIXED -> 1;
          case EXPONENTIAL -> Math.pow(2, failures - 1);
        };
    double millis = Math.min(delay.toMillis() * growth, (double) MAX_WAIT.toMillis());
    return Duration.ofMillis(Math.round(millis * (1 - jitter * draw)));
  }
}
