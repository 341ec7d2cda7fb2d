package dev.mainstay.queue.sql;

import java.util.LinkedHashSet;
import java.util.Set;

/** What a transaction does besides what it was asked for. */
final class Effects {
  /** Queues in which jobs wait now whose workers cannot know it. */
  private final Set<String> woken = new LinkedHashSet<>();

  void wake(String queue) {
    woken.add(queue);
  }

  Set<String> woken() {
    return woken;
  }
}
