package dev.mainstay.server.queue;

import dev.mainstay.queue.QueueEvent;
import dev.mainstay.queue.QueueEvents;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Events of a queue.
 *
 * @param nextCursor give it as {@code cursor} to read on, also if there are no events
 * @param gap true if events after the cursor that was given are not kept any more
 */
public record QueueEventsView(List<QueueEventView> items, String nextCursor, boolean gap) {

  /**
   * What has happened.
   *
   * @param cursor reads on after this event
   * @param event BullMQ's name of it: added, waiting, active, completed, failed and so on
   * @param jobId absent if it is about the queue
   * @param details by name, as BullMQ's {@code QueueEvents} gives them
   */
  public record QueueEventView(
      String cursor,
      Instant at,
      String event,
      @Nullable String jobId,
      Map<String, String> details) {
    private static final String REASON = "failedReason";

    static QueueEventView of(QueueEvent event) {
      return new QueueEventView(
          event.cursor(),
          event.at(),
          event.type().word(),
          event.jobId().orElse(null),
          shown(event.details()));
    }

    private static Map<String, String> shown(Map<String, String> details) {
      if (!details.containsKey(REASON)) {
        return details;
      }
      Map<String, String> shown = new TreeMap<>(details);
      shown.computeIfPresent(REASON, (name, reason) -> QueueName.shownIn(reason));
      return shown;
    }
  }

  static QueueEventsView of(QueueEvents events) {
    return new QueueEventsView(
        events.items().stream().map(QueueEventView::of).toList(), events.next(), events.gap());
  }
}
