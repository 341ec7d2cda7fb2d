package dev.mainstay.server.queue;

import dev.mainstay.queue.EventControl;
import dev.mainstay.queue.QueueEvent;
import dev.mainstay.queue.QueueEventType;
import dev.mainstay.queue.QueueEvents;
import dev.mainstay.server.queue.QueueEventsView.QueueEventView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * What has happened to a job, as far as its queue's events tell.
 *
 * @param items oldest first, the newest 200
 * @param complete true if nothing that has happened to it is missing
 */
public record JobEventsView(List<QueueEventView> items, boolean complete) {
  private static final int MAX_ITEMS = 200;

  /** How long is read; a queue keeps some 10,000 events. */
  private static final Duration MAX_TIME = Duration.ofSeconds(2);

  /**
   * Of all events of its queue.
   *
   * @param read gives some that follow a cursor, none if there are no more
   */
  static JobEventsView of(Function<String, QueueEvents> read, String id, InstantSource clock) {
    Instant end = clock.instant().plus(MAX_TIME);
    Deque<QueueEvent> found = new ArrayDeque<>();
    boolean complete = true;
    String cursor = EventControl.OLDEST;
    while (true) {
      QueueEvents events = read.apply(cursor);
      for (QueueEvent event : events.items()) {
        if (event.jobId().filter(id::equals).isPresent()) {
          found.add(event);
        }
      }
      while (found.size() > MAX_ITEMS) {
        found.remove();
      }
      boolean late = !clock.instant().isBefore(end);
      complete &= !events.gap() && !late;
      cursor = events.next();
      if (events.items().isEmpty() || late) {
        break;
      }
    }
    complete &= found.stream().anyMatch(event -> event.type() == QueueEventType.ADDED);
    return new JobEventsView(found.stream().map(QueueEventView::of).toList(), complete);
  }
}
