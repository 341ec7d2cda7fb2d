package dev.mainstay.queue;

import java.time.Duration;

/**
 * At most so much in any stretch of time of a length (a sliding window). It is kept in a hundred
 * parts of that length, so what has been used counts for up to a hundredth longer.
 *
 * @param max jobs or units, 1 to {@link #MAX}
 * @param duration the length, 1 millisecond to {@link #MAX_DURATION}
 */
public record RateLimit(long max, Duration duration) {
  public static final long MAX = 1_000_000_000_000L;
  public static final Duration MAX_DURATION = Duration.ofDays(366);

  /**
   * @throws IllegalArgumentException a value is out of range
   */
  public RateLimit {
    Limits.range("max", max, 1, MAX);
    Limits.range("duration", duration, Duration.ofMillis(1), MAX_DURATION);
  }
}
