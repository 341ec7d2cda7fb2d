package dev.mainstay.queue.sql;

import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.spi.ClaimSource.Measure;
import dev.mainstay.queue.spi.RateWindow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** What has been used of the rate limits, each method within the caller's transaction. */
final class RateTable {
  static final String USES =
      "SELECT bucket, amount FROM queue_rate_uses WHERE queue = ? AND group_name = ? AND measure = ?";

  private static final String USE =
      """
      INSERT INTO queue_rate_uses (queue, group_name, measure, bucket, amount, counted_until)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (queue, group_name, measure, bucket) DO UPDATE SET
        amount = queue_rate_uses.amount + excluded.amount""";

  static final String FORGET = "DELETE FROM queue_rate_uses WHERE queue = ? AND counted_until <= ?";

  private static final String REMOVE = "DELETE FROM queue_rate_uses WHERE queue = ?";

  private final String queue;

  RateTable(String queue) {
    this.queue = queue;
  }

  RateWindow window(
      Connection connection, String group, Measure measure, RateLimit limit, Instant now)
      throws SQLException {
    Map<Long, Long> uses = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(USES)) {
      JobRows.bind(statement, queue, group, measure.name());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          uses.put(rows.getLong("bucket"), rows.getLong("amount"));
        }
      }
    }
    return new RateWindow(limit, now, uses);
  }

  /**
   * @param at when it was used
   */
  void use(
      Connection connection,
      String group,
      Measure measure,
      RateLimit limit,
      long amount,
      Instant at,
      Instant now)
      throws SQLException {
    JobRows.update(connection, FORGET, queue, now.toEpochMilli());
    long bucket = RateWindow.bucket(limit, at);
    JobRows.update(
        connection,
        USE,
        queue,
        group,
        measure.name(),
        bucket,
        amount,
        RateWindow.end(limit, bucket));
  }

  int remove(Connection connection) throws SQLException {
    return JobRows.update(connection, REMOVE, queue);
  }
}
