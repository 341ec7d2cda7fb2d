package dev.mainstay.queue;

import java.time.Duration;

/**
 * How long a failed job waits for its next attempt.
 *
 * @param type {@link #FIXED}, {@link #EXPONENTIAL}, or a name that the worker's {@link
 *     BackoffStrategy} knows
 * @param delay wait after the first failure, from zero to {@link #MAX_WAIT}
 * @param jitter part of the wait that is drawn at random, from 0 to 1
 */
public record Backoff(String type, Duration delay, double jitter) {

  /** The same wait each time; BullMQ's name of it. */
  public static final String FIXED = "fixed";

  /** Twice the wait before it each time; BullMQ's name of it. */
  public static final String EXPONENTIAL = "exponential";

  /** No wait is longer, however many attempts have failed. */
  public static final Duration MAX_WAIT = Duration.ofDays(365);

  public static final Backoff NONE = fixed(Duration.ZERO);

  /**
   * @throws IllegalArgumentException a value is out of range
   */
  public Backoff {
    Limits.name("The backoff type", type);
    Limits.range("The backoff delay", delay, Duration.ZERO, MAX_WAIT);
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException(
          "The backoff jitter must be from 0 to 1, not %s".formatted(jitter));
    }
  }

  public static Backoff fixed(Duration delay) {
    return new Backoff(FIXED, delay, 0);
  }

  public static Backoff exponential(Duration delay) {
    return new Backoff(EXPONENTIAL, delay, 0);
  }

  /** Asks the worker's {@link BackoffStrategy}. */
  public static Backoff custom(String type) {
    return new Backoff(type, Duration.ZERO, 0);
  }

  public Backoff withJitter(double value) {
    return new Backoff(type, delay, value);
  }

  /** True if the wait is computed by {@link #waitAfter}, without a strategy. */
  public boolean builtIn() {
    return type.equals(FIXED) || type.equals(EXPONENTIAL);
  }

  /**
   * The wait before the next attempt, of a built-in type.
   *
   * @param failures attempts that have failed, at least 1
   * @param draw a random number from 0 to 1; 1 takes the whole jitter off the wait
   */
  public Duration waitAfter(int failures, double draw) {
    double growth = type.equals(EXPONENTIAL) ? Math.pow(2, failures - 1) : 1;
    double millis = Math.min(delay.toMillis() * growth, (double) MAX_WAIT.toMillis());
    return Duration.ofMillis(Math.round(millis * (1 - jitter * draw)));
  }
}
