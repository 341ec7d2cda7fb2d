package dev.mainstay.queue.memory;

import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.spi.ClaimSource;
import dev.mainstay.queue.spi.ClaimSource.Measure;
import dev.mainstay.queue.spi.RateWindow;
import dev.mainstay.queue.spi.Settings;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What limits the jobs of a queue, and what they have used. {@link MemoryStore} guards it. */
final class MemoryLimits {
  private final Map<Meter, NavigableMap<Long, Long>> uses = new HashMap<>();
  private final Map<String, Block> blocked = new HashMap<>();

  /** Limits that groups have of their own. */
  final NavigableMap<String, GroupLimits> own = new TreeMap<>();

  Settings settings = Settings.DEFAULT;

  private record Meter(String group, Measure measure) {}

  /** No job of a group may start in this time, in epoch milliseconds. */
  private record Block(long from, long until) {}

  boolean limited() {
    return settings.limited() || !own.isEmpty();
  }

  GroupLimits of(String group) {
    return own.getOrDefault(group, settings.groups());
  }

  void set(String group, Optional<GroupLimits> limits) {
    blocked.remove(group);
    own.remove(group);
    limits.ifPresent(value -> own.put(group, value));
  }

  void clear() {
    settings = Settings.DEFAULT;
    own.clear();
    blocked.clear();
    uses.clear();
  }

  void block(String group, long now, long until) {
    blocked.put(group, new Block(now, until));
  }

  void unblockAll() {
    blocked.clear();
  }

  boolean blocked(String group, long now) {
    Block block = blocked.get(group);
    return block != null && block.from() <= now && block.until() > now;
  }

  /** When the next group that is blocked is free; {@link Long#MAX_VALUE} if none is blocked. */
  long nextFree(long now) {
    blocked.values().removeIf(block -> block.until() <= now);
    return blocked.values().stream().mapToLong(Block::until).min().orElse(Long.MAX_VALUE);
  }

  RateWindow window(String group, Measure measure, RateLimit limit, Instant now) {
    return new RateWindow(
        limit, now, uses.getOrDefault(new Meter(group, measure), new TreeMap<>()));
  }

  void use(String group, Measure measure, RateLimit limit, long amount, Instant at, Instant now) {
    NavigableMap<Long, Long> used =
        uses.computeIfAbsent(new Meter(group, measure), meter -> new TreeMap<>());
    used.keySet().removeIf(bucket -> RateWindow.end(limit, bucket) <= now.toEpochMilli());
    used.merge(RateWindow.bucket(limit, at), amount, Long::sum);
  }

  Optional<Instant> reserve(String group, long units, Instant now) {
    Map<String, RateLimit> limits = unitLimits(group);
    long freeAt =
        limits.entrySet().stream()
            .map(limit -> window(limit.getKey(), Measure.UNITS, limit.getValue(), now))
            .filter(window -> !window.admits(units))
            .mapToLong(window -> window.freeAt(units))
            .max()
            .orElse(0);
    if (freeAt > 0) {
      return Optional.of(Instant.ofEpochMilli(freeAt));
    }
    limits.forEach((name, limit) -> use(name, Measure.UNITS, limit, units, now, now));
    return Optional.empty();
  }

  void correct(String group, long units, Instant at, Instant now) {
    unitLimits(group).forEach((name, limit) -> use(name, Measure.UNITS, limit, units, at, now));
    if (units < 0) {
      blocked.remove(group);
    }
  }

  /** The unit limits that hold for a group's jobs, by the group that they count for. */
  private Map<String, RateLimit> unitLimits(String group) {
    Map<String, RateLimit> limits = new LinkedHashMap<>();
    settings.units().ifPresent(limit -> limits.put(ClaimSource.NO_GROUP, limit));
    if (!group.equals(ClaimSource.NO_GROUP)) {
      of(group).units().ifPresent(limit -> limits.put(group, limit));
    }
    return limits;
  }
}
