package dev.mainstay.queue.spi;

import dev.mainstay.queue.RateLimit;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What has been used of a rate limit by a moment. Uses are counted in buckets of a hundredth of the
 * limit's duration; a bucket counts as long as any of it lies within the duration, so the limit is
 * kept for every stretch of time, at the price of that hundredth.
 */
public final class RateWindow {
  private static final int BUCKETS = 100;

  private final RateLimit limit;
  private final long now;
  private final NavigableMap<Long, Long> counted;
  private final long used;

  /**
   * @param uses by bucket; those that do not count any more may be among them
   */
  public RateWindow(RateLimit limit, Instant now, Map<Long, Long> uses) {
    this.limit = limit;
    this.now = now.toEpochMilli();
    counted = new TreeMap<>();
    uses.forEach(
        (bucket, units) -> {
          // A use far ahead is from before the clock was set back. It may not block the queue.
          if (end(limit, bucket) > this.now && bucket <= this.now + millis(limit)) {
            counted.put(bucket, units);
          }
        });
    used = counted.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The bucket in which a use is counted. */
  public static long bucket(RateLimit limit, Instant at) {
    return Math.floorDiv(at.toEpochMilli(), width(limit)) * width(limit);
  }

  /** Epoch milliseconds from which a bucket does not count any more. */
  public static long end(RateLimit limit, long bucket) {
    return bucket + width(limit) + millis(limit);
  }

  private static long width(RateLimit limit) {
    return Math.max(1, millis(limit) / BUCKETS);
  }

  private static long millis(RateLimit limit) {
    return limit.duration().toMillis();
  }

  /** The same after one more use, now. */
  public RateWindow plus(long units) {
    Map<Long, Long> uses = new TreeMap<>(counted);
    Instant at = Instant.ofEpochMilli(now);
    uses.merge(bucket(limit, at), units, Long::sum);
    return new RateWindow(limit, at, uses);
  }

  /** How much may be used now; less than 0 after a use that went beyond the limit. */
  public long left() {
    return limit.max() - used;
  }

  /** True if so much may be used now: it is left, or nothing has been used. */
  public boolean admits(long units) {
    return units <= left() || used <= 0;
  }

  /** Epoch milliseconds from which so much may be used, if nothing else is until then. */
  public long freeAt(long units) {
    long needed = Math.min(units, limit.max());
    long rest = used;
    long free = now;
    for (Map.Entry<Long, Long> use : counted.entrySet()) {
      if (rest + needed <= limit.max()) {
        break;
      }
      rest -= use.getValue();
      free = end(limit, use.getKey());
    }
    return free;
  }
}
