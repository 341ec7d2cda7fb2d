package dev.mainstay.queue.memory;

import dev.mainstay.queue.Page;
import dev.mainstay.queue.spi.StoredScheduler;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The job schedulers of a queue. {@link MemoryStore} guards it. */
final class MemorySchedulers {
  private final NavigableMap<String, StoredScheduler> schedulers = new TreeMap<>();

  Optional<StoredScheduler> find(String id) {
    return Optional.ofNullable(schedulers.get(id));
  }

  StoredScheduler put(StoredScheduler scheduler) {
    schedulers.put(scheduler.id(), scheduler);
    return scheduler;
  }

  Optional<StoredScheduler> remove(String id) {
    return Optional.ofNullable(schedulers.remove(id));
  }

  void clear() {
    schedulers.clear();
  }

  Page<StoredScheduler> list(Optional<String> cursor, int limit) {
    List<StoredScheduler> found =
        schedulers.tailMap(cursor.orElse(""), false).values().stream().limit(limit + 1L).toList();
    return found.size() <= limit
        ? new Page<>(found, Optional.empty())
        : new Page<>(found.subList(0, limit), Optional.of(found.get(limit - 1).id()));
  }
}
