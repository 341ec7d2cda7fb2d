package dev.mainstay.queue.spi;

import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.RateLimit;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What holds for a queue as a whole.
 *
 * @param paused no job is taken
 * @param concurrency active jobs over all workers, at least 1
 * @param rate jobs that start
 * @param units what they use
 * @param groups what holds for each group that has no limits of its own
 */
public record Settings(
    boolean paused,
    OptionalInt concurrency,
    Optional<RateLimit> rate,
    Optional<RateLimit> units,
    GroupLimits groups) {

  public static final Settings DEFAULT =
      new Settings(
          false, OptionalInt.empty(), Optional.empty(), Optional.empty(), GroupLimits.NONE);

  /** True if what may be taken depends on what others have taken. */
  public boolean limited() {
    return concurrency.isPresent()
        || rate.isPresent()
        || units.isPresent()
        || !groups.equals(GroupLimits.NONE);
  }

  public Settings withPaused(boolean value) {
    return new Settings(value, concurrency, rate, units, groups);
  }

  public Settings withConcurrency(OptionalInt value) {
    return new Settings(paused, value, rate, units, groups);
  }

  public Settings withRate(Optional<RateLimit> value) {
    return new Settings(paused, concurrency, value, units, groups);
  }

  public Settings withUnits(Optional<RateLimit> value) {
    return new Settings(paused, concurrency, rate, value, groups);
  }

  public Settings withGroups(GroupLimits value) {
    return new Settings(paused, concurrency, rate, units, value);
  }
}
