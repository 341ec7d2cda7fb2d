package dev.mainstay.queue.memory;

import dev.mainstay.queue.EventControl;
import dev.mainstay.queue.QueueEvent;
import dev.mainstay.queue.QueueEvents;
import dev.mainstay.queue.spi.Event;
import dev.mainstay.queue.spi.Subscription;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What has happened in a queue. The monitor of {@link MemoryQueues} guards it. */
final class MemoryEvents {
  private final NavigableMap<Long, QueueEvent> events = new TreeMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private long last;
  private long lastRemoved;
  private long length;

  void add(Event event, Instant at) {
    last++;
    QueueEvent stored =
        new QueueEvent(Long.toString(last), at, event.type(), event.jobId(), event.details());
    events.put(last, stored);
    length += length(stored);
    while (events.size() > EventControl.KEPT_EVENTS || length > EventControl.KEPT_BYTES) {
      length -= length(events.pollFirstEntry().getValue());
      lastRemoved = events.isEmpty() ? last : events.firstKey() - 1;
    }
    listeners.forEach(Runnable::run);
  }

  /** Roughly, in characters. */
  private static long length(QueueEvent event) {
    return event.jobId().map(String::length).orElse(0)
        + event.details().values().stream().mapToLong(String::length).sum();
  }

  Subscription listen(Runnable heard) {
    listeners.add(heard);
    return () -> listeners.remove(heard);
  }

  QueueEvents read(String cursor, int limit) {
    if (cursor.equals(EventControl.NEWEST)) {
      return new QueueEvents(List.of(), Long.toString(last), false);
    }
    if (!cursor.matches("\\d{1,18}")) {
      throw new IllegalArgumentException("The cursor is not one of this queue's events");
    }
    long after = Long.parseLong(cursor);
    List<QueueEvent> items = events.tailMap(after, false).values().stream().limit(limit).toList();
    boolean gap = after < lastRemoved && !cursor.equals(EventControl.OLDEST);
    String next =
        items.isEmpty() ? Long.toString(Math.max(after, lastRemoved)) : items.getLast().cursor();
    return new QueueEvents(items, next, gap);
  }

  void clear() {
    events.clear();
    length = 0;
    lastRemoved = last;
  }
}
