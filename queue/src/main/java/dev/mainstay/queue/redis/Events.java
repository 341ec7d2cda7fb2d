package dev.mainstay.queue.redis;

import dev.mainstay.queue.EventControl;
import dev.mainstay.queue.Limits;
import dev.mainstay.queue.QueueEvent;
import dev.mainstay.queue.QueueEventType;
import dev.mainstay.queue.QueueEvents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The events of a queue: BullMQ's stream ({@code queue-events.js}). */
final class Events {
  private static final Pattern CURSOR = Pattern.compile("\\d{1,18}-\\d{1,18}");
  private static final String REASON = "failedReason";
  private static final String BEFORE = "prev";

  private final QueueLink link;

  Events(QueueLink link) {
    this.link = link;
  }

  QueueEvents after(String cursor, int limit) {
    boolean end = cursor.equals(EventControl.OLDEST) || cursor.equals(EventControl.NEWEST);
    if (!end && !CURSOR.matcher(cursor).matches()) {
      throw new IllegalArgumentException("The cursor is not one of this queue's events");
    }
    List<@Nullable Object> reply = Reply.list(link.run(Script.EVENTS, cursor, limit));
    List<QueueEvent> events = new ArrayList<>();
    for (Object entry : Reply.list(reply.get(0))) {
      List<@Nullable Object> one = Reply.list(entry);
      event(Reply.text(one.get(0)), Reply.hash(one.get(1))).ifPresent(events::add);
    }
    return new QueueEvents(events, Reply.text(reply.get(1)), Reply.number(reply.get(2)) == 1);
  }

  /** Empty for one of a type that is not among ours. */
  private Optional<QueueEvent> event(String id, Map<String, String> fields) {
    Optional<QueueEventType> found = QueueEventType.find(fields.getOrDefault("event", ""));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> details = new TreeMap<>();
    for (String name : details(found.get())) {
      Optional.ofNullable(fields.get(name)).ifPresent(value -> details.put(name, value));
    }
    details.computeIfPresent(
        REASON,
        (name, text) -> Limits.cut(Keys.told(link.options(), text), QueueEvent.MAX_REASON_BYTES));
    details.computeIfPresent(BEFORE, (name, state) -> word(state));
    return Optional.of(
        new QueueEvent(
            id,
            Instant.ofEpochMilli(Long.parseLong(id.substring(0, id.indexOf('-')))),
            found.get(),
            Optional.ofNullable(fields.get("jobId")),
            details));
  }

  /** BullMQ's names of lists are not those of states. */
  private static String word(String state) {
    return switch (state) {
      case "wait", "paused", "prioritized" -> "waiting";
      default -> state;
    };
  }

  private static Set<String> details(QueueEventType type) {
    return switch (type) {
      case ADDED -> Set.of("name");
      case WAITING, COMPLETED, REMOVED -> Set.of(BEFORE);
      case WAITING_CHILDREN -> Set.of(BEFORE);
      case DELAYED -> Set.of("delay");
      case PROGRESS -> Set.of("data");
      case FAILED -> Set.of(REASON, BEFORE);
      case RETRIES_EXHAUSTED -> Set.of("attemptsMade");
      case DEDUPLICATED -> Set.of("deduplicationId", "deduplicatedJobId");
      case CLEANED -> Set.of("count");
      case ACTIVE, STALLED, DUPLICATED, DRAINED, PAUSED, RESUMED -> Set.of();
    };
  }
}
