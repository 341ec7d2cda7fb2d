package dev.mainstay.queue.sql;

import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.JobGroup;
import dev.mainstay.queue.Page;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The groups of a queue's jobs, each method within the caller's transaction. */
final class GroupTable {
  private static final String LIMITS = "concurrency, rate_max, rate_ms, unit_max, unit_ms";

  static final String OWN =
      "SELECT %s FROM queue_groups WHERE queue = ? AND name = ? AND own_limits".formatted(LIMITS);

  private static final String SET_OWN =
      """
      INSERT INTO queue_groups (queue, name, own_limits, concurrency, rate_max, rate_ms, unit_max, unit_ms)
      VALUES (?, ?, TRUE, CAST(? AS INTEGER),
        CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT))
      ON CONFLICT (queue, name) DO UPDATE SET
        own_limits = TRUE, concurrency = excluded.concurrency, rate_max = excluded.rate_max,
        rate_ms = excluded.rate_ms, unit_max = excluded.unit_max, unit_ms = excluded.unit_ms,
        blocked_at = NULL, blocked_until = NULL""";

  private static final String REMOVE_OWN = "DELETE FROM queue_groups WHERE queue = ? AND name = ?";

  private static final String REMOVE_ALL = "DELETE FROM queue_groups WHERE queue = ?";

  private static final String BLOCK =
      """
      INSERT INTO queue_groups (queue, name, own_limits, blocked_at, blocked_until)
      VALUES (?, ?, FALSE, ?, ?)
      ON CONFLICT (queue, name) DO UPDATE SET
        blocked_at = excluded.blocked_at, blocked_until = excluded.blocked_until""";

  private static final String UNBLOCK =
      "UPDATE queue_groups SET blocked_until = 0 WHERE queue = ? AND name = ?";

  private static final String UNBLOCK_ALL =
      "UPDATE queue_groups SET blocked_until = 0 WHERE queue = ?";

  /** Groups that had to wait once need no row. */
  private static final String FORGET =
      "DELETE FROM queue_groups WHERE queue = ? AND NOT own_limits AND blocked_until <= ?";

  private static final String NEXT_FREE =
      "SELECT min(blocked_until) AS free_at FROM queue_groups WHERE queue = ? AND blocked_until > ?";

  private static final String LIST =
      """
      SELECT name, sum(waiting) AS waiting, sum(active) AS active FROM (
        SELECT group_name AS name, count(*) AS waiting, 0 AS active FROM queue_jobs
          WHERE queue = ? AND state = 'WAITING' AND group_name > ? GROUP BY group_name
        UNION ALL
        SELECT group_name, 0, count(*) FROM queue_jobs
          WHERE queue = ? AND state = 'ACTIVE' AND group_name > '' AND group_name > ? GROUP BY group_name
        UNION ALL
        SELECT name, 0, 0 FROM queue_groups WHERE queue = ? AND own_limits AND name > ?) numbers
      GROUP BY name ORDER BY name LIMIT ?""";

  private final String queue;

  GroupTable(String queue) {
    this.queue = queue;
  }

  Optional<GroupLimits> own(Connection connection, String group) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(OWN)) {
      JobRows.bind(statement, queue, group);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(SettingsTable.limits(row)) : Optional.empty();
      }
    }
  }

  int setOwn(Connection connection, String group, Optional<GroupLimits> limits)
      throws SQLException {
    if (limits.isEmpty()) {
      return JobRows.update(connection, REMOVE_OWN, queue, group);
    }
    List<@Nullable Object> values = new ArrayList<>(List.of(queue, group));
    values.addAll(SettingsTable.values(limits.get()));
    return JobRows.update(connection, SET_OWN, values.toArray());
  }

  int removeAll(Connection connection) throws SQLException {
    return JobRows.update(connection, REMOVE_ALL, queue);
  }

  void block(Connection connection, String group, long now, long until) throws SQLException {
    JobRows.update(connection, FORGET, queue, now);
    JobRows.update(connection, BLOCK, queue, group, now, until);
  }

  void unblock(Connection connection, String group) throws SQLException {
    JobRows.update(connection, UNBLOCK, queue, group);
  }

  /** For when limits have changed: each group is looked at again. */
  void unblockAll(Connection connection) throws SQLException {
    JobRows.update(connection, UNBLOCK_ALL, queue);
  }

  /** When the next group that is blocked is free; {@link Long#MAX_VALUE} if none is blocked. */
  long nextFree(Connection connection, long now) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NEXT_FREE)) {
      JobRows.bind(statement, queue, now);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return JobRows.millis(row, "free_at").orElse(Long.MAX_VALUE);
      }
    }
  }

  /** The cursor is the last name of the page before. */
  Page<JobGroup> list(Connection connection, Optional<String> cursor, int limit)
      throws SQLException {
    String after = cursor.orElse("");
    try (PreparedStatement statement = connection.prepareStatement(LIST)) {
      JobRows.bind(statement, queue, after, queue, after, queue, after, limit + 1);
      List<JobGroup> groups = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          if (groups.size() == limit) {
            return new Page<>(groups, Optional.of(groups.getLast().name()));
          }
          String name = rows.getString("name");
          groups.add(
              new JobGroup(
                  name, rows.getLong("waiting"), rows.getLong("active"), own(connection, name)));
        }
      }
      return new Page<>(groups, Optional.empty());
    }
  }
}
