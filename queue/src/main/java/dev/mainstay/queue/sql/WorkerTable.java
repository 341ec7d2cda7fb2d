package dev.mainstay.queue.sql;

import dev.mainstay.queue.Page;
import dev.mainstay.queue.WorkerInfo;
import dev.mainstay.queue.spi.ActiveJobs;
import dev.mainstay.queue.spi.Presence;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The workers of a queue, each method within the caller's transaction. */
final class WorkerTable {
  /** Rows of dead workers, of whatever queue, that one call removes at most. */
  private static final int SWEEP = 100;

  static final String PUT =
      """
      INSERT INTO queue_workers (id, queue, name, host, pid, concurrency, started_at, seen_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET host = excluded.host, seen_at = excluded.seen_at""";

  static final String REMOVE = "DELETE FROM queue_workers WHERE id = ?";

  private static final String REMOVE_ALL = "DELETE FROM queue_workers WHERE queue = ?";

  static final String LIST =
      """
      SELECT id, name, host, pid, concurrency, started_at, seen_at FROM queue_workers
      WHERE queue = ? AND id > ? AND seen_at > ? ORDER BY id LIMIT ?""";

  static final String ACTIVE =
      """
      SELECT id, worker_id FROM queue_jobs
      WHERE queue = ? AND state = 'ACTIVE' ORDER BY lease_until LIMIT ?""";

  /** A queue that nobody works on any more has no worker that would remove its dead ones. */
  final String removeGone;

  private final String queue;

  WorkerTable(String queue, Dialect dialect) {
    this.queue = queue;
    removeGone =
        "DELETE FROM queue_workers WHERE id "
            + dialect.picked(
                "SELECT id FROM queue_workers WHERE seen_at <= ? ORDER BY seen_at LIMIT ?");
  }

  int put(Connection connection, Presence worker, Instant now) throws SQLException {
    JobRows.update(
        connection,
        PUT,
        worker.id(),
        queue,
        worker.name(),
        worker.host().orElse(null),
        worker.pid(),
        worker.concurrency(),
        worker.startedAt().toEpochMilli(),
        now.toEpochMilli());
    return JobRows.update(connection, removeGone, gone(now), SWEEP);
  }

  /** Who has last been seen then, or before, is gone. */
  private static long gone(Instant now) {
    return now.minus(WorkerInfo.GONE_AFTER).toEpochMilli();
  }

  int remove(Connection connection, String id) throws SQLException {
    return JobRows.update(connection, REMOVE, id);
  }

  int removeAll(Connection connection) throws SQLException {
    return JobRows.update(connection, REMOVE_ALL, queue);
  }

  /** The cursor is the last id of the page before. */
  Page<WorkerInfo> list(Connection connection, Optional<String> cursor, int limit, Instant now)
      throws SQLException {
    ActiveJobs jobs = active(connection);
    try (PreparedStatement statement = connection.prepareStatement(LIST)) {
      JobRows.bind(statement, queue, cursor.orElse(""), gone(now), limit + 1);
      List<WorkerInfo> workers = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          if (workers.size() == limit) {
            return new Page<>(workers, Optional.of(workers.getLast().id()));
          }
          Instant seenAt = Instant.ofEpochMilli(rows.getLong("seen_at"));
          workers.add(presence(rows).seen(seenAt, jobs));
        }
      }
      return new Page<>(workers, Optional.empty());
    }
  }

  private static Presence presence(ResultSet row) throws SQLException {
    return new Presence(
        row.getString("id"),
        row.getString("name"),
        Optional.ofNullable(row.getString("host")),
        row.getLong("pid"),
        row.getInt("concurrency"),
        Instant.ofEpochMilli(row.getLong("started_at")));
  }

  private ActiveJobs active(Connection connection) throws SQLException {
    ActiveJobs jobs = new ActiveJobs();
    try (PreparedStatement statement = connection.prepareStatement(ACTIVE)) {
      JobRows.bind(statement, queue, ActiveJobs.MAX_READ);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          jobs.add(
              Optional.ofNullable(rows.getString("worker_id")).orElse(""), rows.getString("id"));
        }
      }
    }
    return jobs;
  }
}
