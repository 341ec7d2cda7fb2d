package dev.mainstay.server.queue;

import dev.mainstay.queue.GroupLimits;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What the jobs of one group may take, over all workers. What is absent is not limited.
 *
 * @param concurrency how many may be active at once
 * @param rate how many may start
 * @param units how many units they may use
 */
public record GroupLimitsBody(
    @Nullable @Min(1) Integer concurrency,
    @Nullable @Valid RateLimitBody rate,
    @Nullable @Valid RateLimitBody units) {

  static GroupLimitsBody of(GroupLimits limits) {
    return new GroupLimitsBody(
        limits.concurrency().isPresent() ? limits.concurrency().getAsInt() : null,
        RateLimitBody.of(limits.rate()),
        RateLimitBody.of(limits.units()));
  }

  GroupLimits limits() {
    return new GroupLimits(
        concurrency == null ? OptionalInt.empty() : OptionalInt.of(concurrency),
        RateLimitBody.limit(rate),
        RateLimitBody.limit(units));
  }
}
