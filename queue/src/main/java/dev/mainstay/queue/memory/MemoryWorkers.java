package dev.mainstay.queue.memory;

import dev.mainstay.queue.Page;
import dev.mainstay.queue.WorkerInfo;
import dev.mainstay.queue.spi.ActiveJobs;
import dev.mainstay.queue.spi.Presence;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The workers of a queue. {@link MemoryStore} guards it. */
final class MemoryWorkers {
  private final NavigableMap<String, Seen> workers = new TreeMap<>();

  private record Seen(Presence worker, Instant at) {
    boolean gone(Instant now) {
      return !at.plus(WorkerInfo.GONE_AFTER).isAfter(now);
    }
  }

  void put(Presence worker, Instant now) {
    workers.put(worker.id(), new Seen(worker, now));
    workers.values().removeIf(seen -> seen.gone(now));
  }

  void remove(String id) {
    workers.remove(id);
  }

  void clear() {
    workers.clear();
  }

  Page<WorkerInfo> list(Optional<String> cursor, int limit, Instant now, ActiveJobs jobs) {
    List<WorkerInfo> found =
        workers.tailMap(cursor.orElse(""), false).values().stream()
            .filter(seen -> !seen.gone(now))
            .limit(limit + 1L)
            .map(seen -> seen.worker().seen(seen.at(), jobs))
            .toList();
    return found.size() <= limit
        ? new Page<>(found, Optional.empty())
        : new Page<>(found.subList(0, limit), Optional.of(found.get(limit - 1).id()));
  }
}
