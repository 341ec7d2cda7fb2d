package dev.mainstay.queue.sql;

import dev.mainstay.queue.spi.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a transaction does besides what it was asked for. */
final class Effects {
  private final boolean events;

  /** Queues in which jobs wait now whose workers cannot know it. */
  private final Set<String> woken = new LinkedHashSet<>();

  private final Map<String, List<Event>> happened = new LinkedHashMap<>();

  /**
   * @param events false if they are not to be stored
   */
  Effects(boolean events) {
    this.events = events;
  }

  void wake(String queue) {
    woken.add(queue);
  }

  Set<String> woken() {
    return woken;
  }

  /** False if {@link #happens} does nothing. */
  boolean events() {
    return events;
  }

  void happens(String queue, Event event) {
    if (events) {
      happened.computeIfAbsent(queue, name -> new ArrayList<>()).add(event);
    }
  }

  Map<String, List<Event>> happened() {
    return happened;
  }
}
