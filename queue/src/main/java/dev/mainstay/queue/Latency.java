package dev.mainstay.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How long something has taken, many times.
 *
 * @param sum of all
 * @param greatest the longest of all
 * @param counts how many took no longer than the {@link #BOUNDS} of that place, and longer than
 *     those before; the last counts the rest
 */
public record Latency(Duration sum, Duration greatest, List<Long> counts) {
  /** Upper bounds in milliseconds, each counted with its bucket. */
  public static final List<Integer> BOUNDS =
      List.of(
          1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000,
          1_800_000);

  public static final Latency NONE =
      new Latency(Duration.ZERO, Duration.ZERO, Collections.nCopies(BOUNDS.size() + 1, 0L));

  /**
   * @throws IllegalArgumentException there are more or fewer counts than buckets
   */
  public Latency {
    counts = List.copyOf(counts);
    Limits.range("The number of counts", counts.size(), BOUNDS.size() + 1, BOUNDS.size() + 1);
  }

  public long count() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  /** The place in {@link #counts} of a time in milliseconds. */
  public static int bucket(long millis) {
    int bucket = 0;
    while (bucket < BOUNDS.size() && millis > BOUNDS.get(bucket)) {
      bucket++;
    }
    return bucket;
  }

  /** Both. */
  public Latency plus(Latency other) {
    List<Long> more = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      more.add(counts.get(i) + other.counts.get(i));
    }
    Duration longest = greatest.compareTo(other.greatest) < 0 ? other.greatest : greatest;
    return new Latency(sum.plus(other.sum), longest, more);
  }

  /**
   * The time that a part of all did not exceed, as exactly as the buckets tell: their upper bound,
   * or {@link #greatest} if that is less. Zero if there are none.
   *
   * @param part from 0 to 1: 0.95 for the 95th percentile
   */
  public Duration percentile(double part) {
    if (!(part >= 0 && part <= 1)) {
      throw new IllegalArgumentException("The part must be from 0 to 1, not " + part);
    }
    if (count() == 0) {
      return Duration.ZERO;
    }
    long rank = Math.max(1, (long) Math.ceil(part * count()));
    long seen = 0;
    for (int i = 0; i < BOUNDS.size(); i++) {
      seen += counts.get(i);
      if (seen >= rank) {
        Duration bound = Duration.ofMillis(BOUNDS.get(i));
        return bound.compareTo(greatest) < 0 ? bound : greatest;
      }
    }
    return greatest;
  }
}
