package dev.mainstay.queue.sql;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.json.OptionsJson;
import dev.mainstay.queue.spi.FlowJob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is still to be done in another store, each method within the caller's transaction. */
final class OutboxTable {
  private static final String ADD =
      """
      INSERT INTO queue_outbox (queue, id, name, data, options, flow, added_at, claimed_until)
      VALUES (?, ?, ?, ?, ?, ?, ?, 0)""";

  private static final String REMOVE =
      "INSERT INTO queue_outbox (queue, id, added_at, claimed_until) VALUES (?, ?, ?, 0)";

  static final String FIND =
      """
      SELECT number, queue, id, name, data, options, flow, added_at FROM queue_outbox
      WHERE queue = ? AND id = ? AND name IS NOT NULL ORDER BY number LIMIT 1""";

  static final String ANY = "SELECT 1 FROM queue_outbox WHERE queue = ? LIMIT 1";

  static final String ANY_AT_ALL = "SELECT 1 FROM queue_outbox LIMIT 1";

  static final String NEXT = "SELECT min(claimed_until) AS free_at FROM queue_outbox";

  static final String DONE = "DELETE FROM queue_outbox WHERE number = ?";

  static final String FREE = "UPDATE queue_outbox SET claimed_until = 0 WHERE number = ?";

  final String claim;

  /**
   * A row.
   *
   * @param name of the job to add; null if the job is to be removed unless it has started
   * @param flow the jobs to add with it, see {@link OutboxFlow}
   */
  record Entry(
      long number,
      String queue,
      String id,
      @Nullable String name,
      @Nullable String data,
      @Nullable String options,
      @Nullable String flow,
      Instant addedAt) {

    /** True if it is a job by itself that is to be added. */
    boolean adds() {
      return name != null && flow == null;
    }

    boolean addsFlow() {
      return flow != null;
    }

    /**
     * The jobs of the flow to add.
     *
     * @throws IllegalArgumentException the row is not one that this version can read
     */
    List<FlowJob> jobs() {
      return OutboxFlow.read(Objects.requireNonNull(flow));
    }

    /** The job as it will be there. */
    Job job() {
      Job job = Job.added(request(), id, addedAt);
      return addsFlow() && jobs().getFirst().hasChildren() ? job.withChildren() : job;
    }

    /**
     * The job to add.
     *
     * @throws IllegalArgumentException the row is not one that this version can read
     */
    JobRequest request() {
      return new JobRequest(
          Objects.requireNonNull(name),
          Objects.requireNonNull(data),
          OptionsJson.read(Objects.requireNonNull(options)));
    }
  }

  OutboxTable(Dialect dialect) {
    claim =
        "UPDATE queue_outbox SET claimed_until = ? WHERE number "
            + dialect.picked(
                "SELECT number FROM queue_outbox WHERE claimed_until <= ? ORDER BY number LIMIT ?")
            + " RETURNING number, queue, id, name, data, options, flow, added_at";
  }

  /**
   * @param request has an id
   * @param flow the jobs to add with it, itself the first; empty if it comes alone
   */
  static void add(
      Connection connection, String queue, JobRequest request, List<FlowJob> flow, Instant now)
      throws SQLException {
    JobRows.update(
        connection,
        ADD,
        queue,
        request.options().id().orElseThrow(),
        request.name(),
        request.data(),
        OptionsJson.write(request.options()),
        flow.isEmpty() ? null : OutboxFlow.write(flow),
        now.toEpochMilli());
  }

  static void remove(Connection connection, String queue, String id, Instant now)
      throws SQLException {
    JobRows.update(connection, REMOVE, queue, id, now.toEpochMilli());
  }

  static Optional<Entry> find(Connection connection, String queue, String id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      JobRows.bind(statement, queue, id);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(entry(rows)) : Optional.empty();
      }
    }
  }

  /** True if there is something to do in a queue. */
  static boolean any(Connection connection, String queue) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ANY)) {
      JobRows.bind(statement, queue);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  static boolean isEmpty(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ANY_AT_ALL);
        ResultSet rows = statement.executeQuery()) {
      return !rows.next();
    }
  }

  /**
   * Takes entries, so that no other process has them for a time.
   *
   * @return in the order in which they were put
   */
  List<Entry> claim(Connection connection, Instant now, Instant until, int limit)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(claim)) {
      JobRows.bind(statement, until.toEpochMilli(), now.toEpochMilli(), limit);
      List<Entry> entries = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          entries.add(entry(rows));
        }
      }
      entries.sort(Comparator.comparingLong(Entry::number));
      return entries;
    }
  }

  /**
   * Epoch milliseconds at which the next entry is free; {@link Long#MAX_VALUE} if there is none.
   */
  static long nextFree(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NEXT);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return JobRows.millis(rows, "free_at").orElse(Long.MAX_VALUE);
    }
  }

  static int done(Connection connection, List<Entry> entries) throws SQLException {
    return each(connection, DONE, entries);
  }

  /** Lets others have what was claimed. */
  static int free(Connection connection, List<Entry> entries) throws SQLException {
    return each(connection, FREE, entries);
  }

  private static int each(Connection connection, String sql, List<Entry> entries)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (Entry entry : entries) {
        JobRows.bind(statement, entry.number());
        statement.addBatch();
      }
      return statement.executeBatch().length;
    }
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        row.getLong("number"),
        row.getString("queue"),
        row.getString("id"),
        row.getString("name"),
        row.getString("data"),
        row.getString("options"),
        row.getString("flow"),
        Instant.ofEpochMilli(row.getLong("added_at")));
  }
}
