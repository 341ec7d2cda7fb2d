package dev.mainstay.queue.memory;

import dev.mainstay.queue.JobState;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/** The jobs of each state in their order. {@link MemoryStore} guards it. */
final class Shelves {
  private static final Comparator<Entry> ORDER =
      Comparator.comparing((Entry entry) -> keys(entry).get(0))
          .thenComparing(entry -> keys(entry).get(1))
          .thenComparing(entry -> keys(entry).get(2));

  private final Map<JobState, NavigableSet<Entry>> shelves = new EnumMap<>(JobState.class);

  Shelves() {
    for (JobState state : JobState.values()) {
      shelves.put(state, new TreeSet<>(ORDER));
    }
  }

  /** What a job's place among those of its state depends on. */
  static List<Long> keys(Entry entry) {
    return switch (entry.state) {
      case WAITING -> List.of((long) entry.options.priority(), entry.position, entry.sequence);
      case DELAYED -> List.of(millis(entry.runAt), 0L, entry.sequence);
      case ACTIVE -> List.of(entry.leaseUntil.toEpochMilli(), 0L, entry.sequence);
      case COMPLETED, FAILED -> List.of(millis(entry.finishedAt), 0L, entry.sequence);
    };
  }

  private static long millis(Optional<Instant> instant) {
    return instant.map(Instant::toEpochMilli).orElse(0L);
  }

  NavigableSet<Entry> of(JobState state) {
    return Objects.requireNonNull(shelves.get(state));
  }

  void put(Entry entry) {
    of(entry.state).add(entry);
  }

  /** Takes a job out, for what its place depends on may change only in between. */
  void take(Entry entry) {
    of(entry.state).remove(entry);
  }
}
