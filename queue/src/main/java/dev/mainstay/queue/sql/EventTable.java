package dev.mainstay.queue.sql;

import dev.mainstay.queue.EventControl;
import dev.mainstay.queue.QueueEvent;
import dev.mainstay.queue.QueueEventType;
import dev.mainstay.queue.QueueEvents;
import dev.mainstay.queue.json.Json;
import dev.mainstay.queue.spi.Event;
import dev.mainstay.queue.spi.QueueStore;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has happened in queues, each method within the caller's transaction. The order is that of
 * numbers. A reader sees only what is below the number of every event that is still to be
 * committed, so that nothing can get in before what it has seen; other transactions may stay open.
 */
final class EventTable {
  /** Events of one row; a transaction with more has several. */
  private static final int ROW = 1000;

  private static final String REMOVE_ALL = "DELETE FROM queue_events WHERE queue = ?";

  private static final String MARK =
      """
      INSERT INTO queue_event_gaps (queue, xact, number) VALUES (?, ?, ?)
      ON CONFLICT (queue) DO UPDATE SET xact = excluded.xact, number = excluded.number
      WHERE (queue_event_gaps.xact, queue_event_gaps.number) < (excluded.xact, excluded.number)""";

  static final String NEWEST_FIRST =
      """
      SELECT xact, number, count, bytes FROM queue_events
      WHERE queue = ? ORDER BY xact DESC, number DESC LIMIT ?""";

  final String insert;
  final String read;
  final String newest;
  final String prune;
  final String removeForeign;
  final String resetForeign;
  private final long era;
  private final String horizon;

  EventTable(Dialect dialect) {
    insert =
        """
        INSERT INTO queue_events (queue, xact, at, count, bytes, events)
        SELECT ?, %d, CAST(? AS BIGINT), CAST(? AS INTEGER), CAST(? AS INTEGER), ? %s"""
            .formatted(dialect.era(), dialect.storingEvents(""));
    era = dialect.era();
    horizon = dialect.eventHorizon();
    // One statement, so that what it sees is of one moment.
    read =
        """
        SELECT gap.xact AS gap_xact, gap.number AS gap_number,
          event.xact, event.number, event.at, event.events
        FROM (SELECT 1 AS one) always
        LEFT JOIN queue_event_gaps gap ON gap.queue = ?
        LEFT JOIN (
          SELECT xact, number, at, events FROM queue_events
          WHERE queue = ? AND %s
          ORDER BY xact, number LIMIT ?) event ON TRUE"""
            .formatted(dialect.eventsFrom());
    newest = dialect.newestEvent();
    prune =
        "DELETE FROM queue_events WHERE number "
            + dialect.picked(
                """
                SELECT number FROM queue_events
                WHERE queue = ? AND (xact, number) <= (?, ?) ORDER BY xact, number LIMIT ?""")
            + " RETURNING xact, number";
    removeForeign = "DELETE FROM queue_events WHERE queue = ? AND (xact, number) > (?, ?)";
    resetForeign =
        """
        UPDATE queue_event_gaps SET xact = ?, number = ?
        WHERE queue = ? AND (xact, number) > (?, ?)""";
  }

  /** Where a reader is: before the event of a place in a row. */
  private record Position(long xact, long number, int place) {
    static final Position START = new Position(-1, 0, 0);

    static Position of(String cursor) {
      if (cursor.equals(EventControl.OLDEST)) {
        return START;
      }
      if (!cursor.matches("\\d{1,18}\\.\\d{1,18}\\.\\d{1,9}")) {
        throw new IllegalArgumentException("The cursor is not one of this queue's events");
      }
      String[] parts = cursor.split("\\.", -1);
      return new Position(
          Long.parseLong(parts[0]), Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
    }

    String cursor() {
      return equals(START) ? EventControl.OLDEST : xact + "." + number + "." + place;
    }

    boolean after(long otherXact, long otherNumber) {
      return xact > otherXact || (xact == otherXact && number > otherNumber);
    }
  }

  /** Stores what a transaction has done; the last of its statements. */
  void write(Connection connection, Effects effects, Instant now) throws SQLException {
    for (Map.Entry<String, List<Event>> entry : effects.happened().entrySet()) {
      List<Event> events = entry.getValue();
      for (int from = 0; from < events.size(); from += ROW) {
        List<Event> row = events.subList(from, Math.min(from + ROW, events.size()));
        JobRows.update(connection, insert, values(entry.getKey(), row, now).toArray());
      }
    }
  }

  /** A part of a statement: stores events if the part named {@code added} has rows. */
  static String insertIfAdded(Dialect dialect) {
    return """
        INSERT INTO queue_events (queue, xact, at, count, bytes, events)
        SELECT ?, %d, CAST(? AS BIGINT), CAST(? AS INTEGER), CAST(? AS INTEGER), ? %s"""
        .formatted(dialect.era(), dialect.storingEvents("added"));
  }

  /** The parameters of {@link #insert} and {@link #insertIfAdded}. */
  static List<Object> values(String queue, List<Event> events, Instant now) {
    String text = encode(events);
    return List.of(
        queue,
        now.toEpochMilli(),
        events.size(),
        text.getBytes(StandardCharsets.UTF_8).length,
        text);
  }

  private static String encode(List<Event> events) {
    List<List<Object>> rows = new ArrayList<>();
    for (Event event : events) {
      List<Object> row = new ArrayList<>();
      row.add(event.type().word());
      row.add(event.jobId().orElse(""));
      if (!event.details().isEmpty()) {
        row.add(event.details());
      }
      rows.add(row);
    }
    return Json.write(rows);
  }

  /** As {@link QueueStore#events}. */
  QueueEvents read(Connection connection, String queue, String cursor, int limit)
      throws SQLException {
    if (cursor.equals(EventControl.NEWEST)) {
      return new QueueEvents(List.of(), newest(connection, queue).cursor(), false);
    }
    Position asked = Position.of(cursor);
    QueueEvents events = read(connection, queue, asked, limit);
    // What the cursor points to has come from another server, in a dump for example.
    return events.gap() && events.items().isEmpty() && asked.xact() > 0
        ? gap(read(connection, queue, Position.START, limit))
        : events;
  }

  private static QueueEvents gap(QueueEvents events) {
    return new QueueEvents(events.items(), events.next(), true);
  }

  /** A row as it is stored. */
  private record Row(long xact, long number, Instant at, String events) {}

  private QueueEvents read(Connection connection, String queue, Position asked, int limit)
      throws SQLException {
    Horizon now = horizon(connection);
    List<Row> found = new ArrayList<>();
    boolean gap = asked.after(era, now.drawn() + 1);
    try (PreparedStatement statement = connection.prepareStatement(read)) {
      JobRows.bind(statement, queue, queue, asked.xact(), asked.number(), now.settled(), limit);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          gap = gap || isAfterGap(asked, rows);
          String text = rows.getString("events");
          if (text != null) {
            Instant at = Instant.ofEpochMilli(rows.getLong("at"));
            found.add(new Row(rows.getLong("xact"), rows.getLong("number"), at, text));
          }
        }
      }
    }
    // A join does not promise the order of its parts.
    found.sort(Comparator.comparingLong(Row::xact).thenComparingLong(Row::number));
    List<QueueEvent> events = new ArrayList<>();
    Position next = asked;
    for (Row row : found) {
      if (events.size() < limit) {
        next = append(events, next, row, limit);
      }
    }
    return new QueueEvents(events, next.cursor(), gap);
  }

  /** True if events after a position have been removed. */
  private static boolean isAfterGap(Position asked, ResultSet row) throws SQLException {
    if (asked.equals(Position.START)) {
      return false;
    }
    long xact = row.getLong("gap_xact");
    return !row.wasNull() && !asked.after(xact, row.getLong("gap_number"));
  }

  /**
   * How far the events are.
   *
   * @param settled up to this number all is there that ever will be
   * @param drawn the greatest number
   */
  private record Horizon(long settled, long drawn) {}

  private Horizon horizon(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(horizon);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return new Horizon(row.getLong("settled"), row.getLong("drawn"));
    }
  }

  private static Position append(List<QueueEvent> events, Position from, Row row, int limit) {
    List<Event> all = decode(row.events());
    boolean begun = from.xact() == row.xact() && from.number() == row.number();
    int place = begun ? from.place() : 0;
    // Also past a row of which this version understands nothing.
    Position next = new Position(row.xact(), row.number() + 1, 0);
    while (place < all.size() && events.size() < limit) {
      Event event = all.get(place);
      place++;
      next =
          place == all.size()
              ? new Position(row.xact(), row.number() + 1, 0)
              : new Position(row.xact(), row.number(), place);
      events.add(
          new QueueEvent(next.cursor(), row.at(), event.type(), event.jobId(), event.details()));
    }
    return next;
  }

  private static List<Event> decode(String text) {
    List<Event> events = new ArrayList<>();
    if (Json.read(text) instanceof List<?> rows) {
      for (Object one : rows) {
        if (one instanceof List<?> row && row.getFirst() instanceof String word) {
          // A newer version may know more of them.
          QueueEventType.find(word).ifPresent(type -> events.add(decode(type, row)));
        }
      }
    }
    return events;
  }

  private static Event decode(QueueEventType type, List<?> row) {
    Map<String, String> details = new LinkedHashMap<>();
    if (row.size() > 2 && row.get(2) instanceof Map<?, ?> map) {
      map.forEach((name, value) -> details.put(String.valueOf(name), String.valueOf(value)));
    }
    Optional<String> jobId =
        Optional.of(String.valueOf((@Nullable Object) row.get(1))).filter(id -> !id.isEmpty());
    return new Event(type, jobId, details);
  }

  private Position newest(Connection connection, String queue) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(newest)) {
      JobRows.bind(statement, queue, queue);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return new Position(rows.getLong("xact"), rows.getLong("number") + 1, 0);
      }
    }
  }

  int prune(Connection connection, String queue) throws SQLException {
    // After its rows were loaded into another database, perhaps.
    Horizon now = horizon(connection);
    if (JobRows.update(connection, removeForeign, queue, era, now.drawn()) > 0) {
      JobRows.update(connection, resetForeign, era, now.settled(), queue, era, now.drawn());
    }
    Optional<Position> last = lastToRemove(connection, queue);
    return last.isEmpty() ? 0 : remove(connection, queue, last.get());
  }

  private static Optional<Position> lastToRemove(Connection connection, String queue)
      throws SQLException {
    long events = 0;
    long bytes = 0;
    try (PreparedStatement statement = connection.prepareStatement(NEWEST_FIRST)) {
      JobRows.bind(statement, queue, EventControl.KEPT_EVENTS + 1);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          events += rows.getLong("count");
          bytes += rows.getLong("bytes");
          if (events > EventControl.KEPT_EVENTS || bytes > EventControl.KEPT_BYTES) {
            return Optional.of(new Position(rows.getLong("xact"), rows.getLong("number"), 0));
          }
        }
      }
    }
    return Optional.empty();
  }

  private int remove(Connection connection, String queue, Position last) throws SQLException {
    int removed = 0;
    Position newestRemoved = Position.START;
    try (PreparedStatement statement = connection.prepareStatement(prune)) {
      JobRows.bind(statement, queue, last.xact(), last.number(), QueueStore.BATCH);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          removed++;
          Position row = new Position(rows.getLong("xact"), rows.getLong("number"), 0);
          if (row.after(newestRemoved.xact(), newestRemoved.number())) {
            newestRemoved = row;
          }
        }
      }
    }
    if (removed > 0) {
      mark(connection, queue, newestRemoved);
    }
    return removed;
  }

  private static void mark(Connection connection, String queue, Position position)
      throws SQLException {
    JobRows.update(connection, MARK, queue, position.xact(), position.number());
  }

  /** Removes all events of a queue; its readers see a gap. */
  int removeAll(Connection connection, String queue) throws SQLException {
    Optional<Position> newestOfAll = newestRow(connection, queue);
    if (newestOfAll.isPresent()) {
      mark(connection, queue, newestOfAll.get());
    }
    return JobRows.update(connection, REMOVE_ALL, queue);
  }

  private static Optional<Position> newestRow(Connection connection, String queue)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NEWEST_FIRST)) {
      JobRows.bind(statement, queue, 1);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(new Position(rows.getLong("xact"), rows.getLong("number"), 0))
            : Optional.empty();
      }
    }
  }
}
