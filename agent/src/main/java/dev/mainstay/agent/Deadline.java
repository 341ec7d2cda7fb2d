package dev.mainstay.agent;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** When a run must have ended. */
record Deadline(InstantSource clock, Instant startedAt, Optional<Duration> limit) {
  private static final Duration FOREVER = Duration.ofDays(365);

  static Deadline of(InstantSource clock, Instant startedAt, Optional<Duration> limit) {
    return new Deadline(clock, startedAt, limit);
  }

  Duration elapsed() {
    return Duration.between(startedAt, clock.instant());
  }

  /** Zero or less once it has passed. */
  Duration remaining() {
    return limit.map(max -> max.minus(elapsed())).orElse(FOREVER);
  }

  boolean passed() {
    return !remaining().isPositive();
  }
}
