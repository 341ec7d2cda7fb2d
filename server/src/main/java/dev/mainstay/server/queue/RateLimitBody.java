package dev.mainstay.server.queue;

import dev.mainstay.queue.RateLimit;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * At most so much in any stretch of time of a length.
 *
 * @param max jobs or units
 * @param duration the length, in milliseconds
 */
public record RateLimitBody(
    @NotNull @Min(1) @Max(RateLimit.MAX) Long max,
    @NotNull @Min(1) @Max(MAX_MILLIS) Long duration) {
  private static final long MAX_MILLIS = 366L * 24 * 60 * 60 * 1000;

  static @Nullable RateLimitBody of(Optional<RateLimit> limit) {
    return limit
        .map(rate -> new RateLimitBody(rate.max(), rate.duration().toMillis()))
        .orElse(null);
  }

  static Optional<RateLimit> limit(@Nullable RateLimitBody body) {
    return Optional.ofNullable(body)
        .map(rate -> new RateLimit(rate.max(), Duration.ofMillis(rate.duration())));
  }
}
