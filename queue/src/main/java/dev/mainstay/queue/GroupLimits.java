package dev.mainstay.queue;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the jobs of one group may take, over all workers; never exceeded.
 *
 * @param concurrency how many may be active at once, at least 1
 * @param rate how many may start
 * @param units how many {@link JobOptions#units} they may use
 */
public record GroupLimits(
    OptionalInt concurrency, Optional<RateLimit> rate, Optional<RateLimit> units) {

  public static final GroupLimits NONE =
      new GroupLimits(OptionalInt.empty(), Optional.empty(), Optional.empty());

  /**
   * @throws IllegalArgumentException a value is out of range
   */
  public GroupLimits {
    concurrency.ifPresent(value -> Limits.range("concurrency", value, 1, Integer.MAX_VALUE));
  }

  public GroupLimits withConcurrency(int value) {
    return new GroupLimits(OptionalInt.of(value), rate, units);
  }

  public GroupLimits withRate(RateLimit value) {
    return new GroupLimits(concurrency, Optional.of(value), units);
  }

  public GroupLimits withUnits(RateLimit value) {
    return new GroupLimits(concurrency, rate, Optional.of(value));
  }
}
