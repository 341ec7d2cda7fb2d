package dev.mainstay.queue.sql;

import dev.mainstay.queue.Latency;
import dev.mainstay.queue.QueueMetrics;
import dev.mainstay.queue.spi.LatencyJson;
import dev.mainstay.queue.spi.QueueStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What workers have done, by the minute, each method within the caller's transaction. */
final class MetricsTable {
  private static final String COLUMNS = "minute, completed, failed, failed_attempts, wait, run";

  private static final String MAKE =
      """
      INSERT INTO queue_metrics (queue, minute, completed, failed, failed_attempts, wait, run)
      VALUES (?, ?, 0, 0, 0, ?, ?) ON CONFLICT (queue, minute) DO NOTHING""";

  static final String SELECT =
      "SELECT %s FROM queue_metrics WHERE queue = ? AND minute >= ? AND minute < ? ORDER BY minute LIMIT ?"
          .formatted(COLUMNS);

  private static final String FIND =
      "SELECT %s FROM queue_metrics WHERE queue = ? AND minute = ? ".formatted(COLUMNS);

  private static final String STORE =
      """
      UPDATE queue_metrics SET completed = ?, failed = ?, failed_attempts = ?, wait = ?, run = ?
      WHERE queue = ? AND minute = ?""";

  static final String REMOVE_OLD = "DELETE FROM queue_metrics WHERE queue = ? AND minute < ?";

  private static final String REMOVE_ALL = "DELETE FROM queue_metrics WHERE queue = ?";

  private final String queue;
  private final Statements statements;

  MetricsTable(String queue, Statements statements) {
    this.queue = queue;
    this.statements = statements;
  }

  int add(Connection connection, List<QueueMetrics> more) throws SQLException {
    String none = LatencyJson.write(Latency.NONE);
    int made = 0;
    // In one order, for workers that add at once wait for each other here.
    for (QueueMetrics one :
        more.stream().sorted(Comparator.comparing(QueueMetrics::minute)).toList()) {
      long minute = one.minute().toEpochMilli();
      int isNew = JobRows.update(connection, MAKE, queue, minute, none, none);
      store(connection, locked(connection, minute).plus(one));
      if (isNew > 0) {
        made += isNew;
        long oldest = one.minute().minus(QueueMetrics.KEPT).toEpochMilli();
        JobRows.update(connection, REMOVE_OLD, queue, oldest);
      }
    }
    return made;
  }

  private QueueMetrics locked(Connection connection, long minute) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND + statements.lockRow)) {
      JobRows.bind(statement, queue, minute);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return metrics(rows);
      }
    }
  }

  private void store(Connection connection, QueueMetrics metrics) throws SQLException {
    JobRows.update(
        connection,
        STORE,
        metrics.completed(),
        metrics.failed(),
        metrics.failedAttempts(),
        LatencyJson.write(metrics.waiting()),
        LatencyJson.write(metrics.running()),
        queue,
        metrics.minute().toEpochMilli());
  }

  List<QueueMetrics> list(Connection connection, Instant from, Instant to) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
      JobRows.bind(
          statement, queue, from.toEpochMilli(), to.toEpochMilli(), QueueStore.MAX_MINUTES);
      List<QueueMetrics> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(metrics(rows));
        }
      }
      return found;
    }
  }

  private static QueueMetrics metrics(ResultSet row) throws SQLException {
    return new QueueMetrics(
        Instant.ofEpochMilli(row.getLong("minute")),
        row.getLong("completed"),
        row.getLong("failed"),
        row.getLong("failed_attempts"),
        LatencyJson.read(row.getString("wait")),
        LatencyJson.read(row.getString("run")));
  }

  int removeAll(Connection connection) throws SQLException {
    return JobRows.update(connection, REMOVE_ALL, queue);
  }
}
