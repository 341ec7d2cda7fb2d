package dev.mainstay.queue.memory;

import dev.mainstay.queue.JobState;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The jobs of each state in their order. {@link MemoryStore} guards it. */
final class Shelves {
  private static final Comparator<Entry> ORDER = Comparator.comparing(Shelves::place);

  private final Map<JobState, NavigableSet<Entry>> shelves = new EnumMap<>(JobState.class);

  /** The same jobs by group, without empty groups. */
  private final NavigableMap<String, NavigableSet<Entry>> waiting = new TreeMap<>();

  private final Map<String, Integer> active = new TreeMap<>();

  Shelves() {
    for (JobState state : JobState.values()) {
      shelves.put(state, new TreeSet<>(ORDER));
    }
  }

  static Place place(Entry entry) {
    return switch (entry.state) {
      case WAITING ->
          new Place(entry.group(), entry.options.priority(), entry.position, entry.sequence);
      case WAITING_CHILDREN -> new Place("", entry.createdAt.toEpochMilli(), 0, entry.sequence);
      case DELAYED -> new Place("", millis(entry.runAt), 0, entry.sequence);
      case ACTIVE -> new Place("", entry.leaseUntil.toEpochMilli(), 0, entry.sequence);
      case COMPLETED, FAILED -> new Place("", millis(entry.finishedAt), 0, entry.sequence);
    };
  }

  private static long millis(Optional<Instant> instant) {
    return instant.map(Instant::toEpochMilli).orElse(0L);
  }

  NavigableSet<Entry> of(JobState state) {
    return Objects.requireNonNull(shelves.get(state));
  }

  /** Jobs that wait by group, {@code ""} of those without; no group is empty. */
  NavigableMap<String, NavigableSet<Entry>> waiting() {
    return waiting;
  }

  NavigableSet<Entry> waiting(String group) {
    return waiting.getOrDefault(group, Collections.emptyNavigableSet());
  }

  /** How many jobs are active, by group; no group has none. */
  Map<String, Integer> active() {
    return active;
  }

  void put(Entry entry) {
    of(entry.state).add(entry);
    if (entry.state == JobState.WAITING) {
      waiting.computeIfAbsent(entry.group(), group -> new TreeSet<>(ORDER)).add(entry);
    } else if (entry.state == JobState.ACTIVE) {
      active.merge(entry.group(), 1, Integer::sum);
    }
  }

  /** Takes a job out, for what its place depends on may change only in between. */
  void take(Entry entry) {
    of(entry.state).remove(entry);
    if (entry.state == JobState.WAITING) {
      NavigableSet<Entry> group = waiting(entry.group());
      group.remove(entry);
      if (group.isEmpty()) {
        waiting.remove(entry.group());
      }
    } else if (entry.state == JobState.ACTIVE) {
      active.computeIfPresent(entry.group(), (group, count) -> count == 1 ? null : count - 1);
    }
  }
}
