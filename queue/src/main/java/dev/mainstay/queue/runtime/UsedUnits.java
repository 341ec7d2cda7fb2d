package dev.mainstay.queue.runtime;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.spi.ClaimSource;
import dev.mainstay.queue.spi.QueueStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** What one attempt has used of the unit limits, as they count it. Thread-safe. */
final class UsedUnits {
  private final String group;
  private final QueueStore store;
  private final InstantSource clock;

  /** What is counted, newest last. */
  private final Deque<Use> uses = new ArrayDeque<>();

  private record Use(long units, Instant at) {}

  /**
   * @param claimed whose own units count since its claim
   */
  UsedUnits(Job claimed, QueueStore store, InstantSource clock) {
    this.group = claimed.options().group().orElse(ClaimSource.NO_GROUP);
    this.store = store;
    this.clock = clock;
    uses.add(new Use(claimed.options().units(), claimed.processedAt().orElseGet(clock::instant)));
  }

  synchronized Optional<Instant> reserve(long units) {
    Instant now = clock.instant();
    Optional<Instant> later = store.reserve(group, units, now);
    if (later.isEmpty()) {
      uses.add(new Use(units, now));
    }
    return later;
  }

  synchronized void settle(long used) {
    Instant now = clock.instant();
    long rest = used - uses.stream().mapToLong(Use::units).sum();
    if (rest > 0) {
      store.correct(group, rest, now, now);
      uses.add(new Use(rest, now));
    }
    while (rest < 0 && !uses.isEmpty()) {
      Use newest = uses.getLast();
      long back = Math.min(-rest, newest.units());
      store.correct(group, -back, newest.at(), now);
      uses.removeLast();
      if (back < newest.units()) {
        uses.add(new Use(newest.units() - back, newest.at()));
      }
      rest += back;
    }
  }
}
