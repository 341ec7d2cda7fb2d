package dev.mainstay.queue.memory;

import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.spi.ClaimSource;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.RateWindow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;

/** The jobs as one worker sees them in its turn. */
final class MemoryClaims implements ClaimSource<RuntimeException> {
  private final Shelves shelves;
  private final MemoryLimits limits;
  private final Instant now;
  private final Function<Entry, Claimed> claim;

  /**
   * @param claim makes a job that waits the worker's
   */
  MemoryClaims(Shelves shelves, MemoryLimits limits, Instant now, Function<Entry, Claimed> claim) {
    this.shelves = shelves;
    this.limits = limits;
    this.now = now;
    this.claim = claim;
  }

  @Override
  public int active() {
    return shelves.of(JobState.ACTIVE).size();
  }

  @Override
  public int active(String group) {
    return shelves.active().getOrDefault(group, 0);
  }

  @Override
  public List<String> groups(String after, int limit, int each) {
    return Stream.concat(
            shelves.waiting().tailMap(after, false).keySet().stream(),
            shelves.waiting().headMap(after, true).keySet().stream())
        .filter(group -> group.equals(NO_GROUP) || open(group))
        .limit(limit)
        .toList();
  }

  private boolean open(String group) {
    return !limits.blocked(group, now.toEpochMilli())
        && active(group) < limits.of(group).concurrency().orElse(Integer.MAX_VALUE);
  }

  @Override
  public Optional<GroupLimits> limits(String group) {
    return Optional.ofNullable(limits.own.get(group));
  }

  @Override
  public List<Claimed> claim(String group, int limit) {
    return shelves.waiting(group).stream().limit(limit).toList().stream().map(claim).toList();
  }

  @Override
  public Optional<Claimed> claimOne(String group, long units) {
    return shelves.waiting(group).stream()
        .limit(1)
        .filter(entry -> entry.options.units() <= units)
        .findFirst()
        .map(claim);
  }

  @Override
  public OptionalLong wanted(String group) {
    return shelves.waiting(group).stream()
        .limit(1)
        .mapToLong(entry -> entry.options.units())
        .findFirst();
  }

  @Override
  public RateWindow window(String group, Measure measure, RateLimit limit) {
    return limits.window(group, measure, limit, now);
  }

  @Override
  public void use(String group, Measure measure, RateLimit limit, long amount) {
    limits.use(group, measure, limit, amount, now, now);
  }

  @Override
  public void block(String group, long until) {
    limits.block(group, now.toEpochMilli(), until);
  }
}
