package dev.mainstay.queue.sql;

import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.spi.Settings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What holds for a queue as a whole, read and changed within the caller's transaction. */
final class SettingsTable {
  private static final String MAKE =
      """
      INSERT INTO queue_settings (queue, paused) VALUES (?, FALSE)
      ON CONFLICT (queue) DO NOTHING""";

  private static final String CHANGE =
      """
      UPDATE queue_settings SET paused = ?,
        concurrency = CAST(? AS INTEGER), rate_max = CAST(? AS BIGINT), rate_ms = CAST(? AS BIGINT),
        unit_max = CAST(? AS BIGINT), unit_ms = CAST(? AS BIGINT),
        group_concurrency = CAST(? AS INTEGER),
        group_rate_max = CAST(? AS BIGINT), group_rate_ms = CAST(? AS BIGINT),
        group_unit_max = CAST(? AS BIGINT), group_unit_ms = CAST(? AS BIGINT)
      WHERE queue = ?""";

  private static final String REMOVE = "DELETE FROM queue_settings WHERE queue = ?";

  /** One row, also if the queue has none. */
  static final String SELECT =
      """
      SELECT paused, concurrency, rate_max, rate_ms, unit_max, unit_ms,
        group_concurrency, group_rate_max, group_rate_ms, group_unit_max, group_unit_ms,
        EXISTS (SELECT 1 FROM queue_jobs
          WHERE queue = ? AND state = 'WAITING' AND group_name > '') AS grouped,
        EXISTS (SELECT 1 FROM queue_groups WHERE queue = ? AND own_limits) AS own_limits,
        (SELECT min(run_at) FROM queue_jobs WHERE queue = ? AND state = 'DELAYED') AS next_run,
        (SELECT min(lease_until) FROM queue_jobs WHERE queue = ? AND state = 'ACTIVE') AS next_lease_end
      FROM (SELECT 1 AS one) always LEFT JOIN queue_settings ON queue = ?""";

  private final String queue;
  private final Statements statements;

  /**
   * What a worker must know before it takes jobs.
   *
   * @param grouped whether jobs wait that have a group
   * @param limited whether the queue or any group has limits
   * @param nextRun epoch milliseconds at which the next delayed job is due; {@link Long#MAX_VALUE}
   *     if there is none
   * @param nextLeaseEnd the same of the next end of a lease
   */
  record Present(
      Settings settings, boolean grouped, boolean limited, long nextRun, long nextLeaseEnd) {}

  SettingsTable(String queue, Statements statements) {
    this.queue = queue;
    this.statements = statements;
  }

  Present get(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
      JobRows.bind(statement, queue, queue, queue, queue, queue);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        Settings settings =
            new Settings(
                row.getBoolean("paused"),
                integer(row, "concurrency"),
                rate(row, "rate"),
                rate(row, "unit"),
                new GroupLimits(
                    integer(row, "group_concurrency"),
                    rate(row, "group_rate"),
                    rate(row, "group_unit")));
        return new Present(
            settings,
            row.getBoolean("grouped"),
            settings.limited() || row.getBoolean("own_limits"),
            JobRows.millis(row, "next_run").orElse(Long.MAX_VALUE),
            JobRows.millis(row, "next_lease_end").orElse(Long.MAX_VALUE));
      }
    }
  }

  /** As {@link #get}; nobody changes or locks them until the caller's transaction ends. */
  Present lock(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(statements.lockSettings)) {
      JobRows.bind(statement, queue);
      statement.executeQuery().close();
    }
    return get(connection);
  }

  /** Makes sure that there is a row to lock. */
  void make(Connection connection) throws SQLException {
    JobRows.update(connection, MAKE, queue);
  }

  int remove(Connection connection) throws SQLException {
    return JobRows.update(connection, REMOVE, queue);
  }

  void change(Connection connection, UnaryOperator<Settings> change) throws SQLException {
    make(connection);
    Settings settings = change.apply(lock(connection).settings());
    JobRows.update(
        connection,
        CHANGE,
        settings.paused(),
        value(settings.concurrency()),
        max(settings.rate()),
        millis(settings.rate()),
        max(settings.units()),
        millis(settings.units()),
        value(settings.groups().concurrency()),
        max(settings.groups().rate()),
        millis(settings.groups().rate()),
        max(settings.groups().units()),
        millis(settings.groups().units()),
        queue);
  }

  /** The columns {@code concurrency}, {@code rate_*} and {@code unit_*}. */
  static GroupLimits limits(ResultSet row) throws SQLException {
    return new GroupLimits(integer(row, "concurrency"), rate(row, "rate"), rate(row, "unit"));
  }

  /** The values of these columns. */
  static List<@Nullable Object> values(GroupLimits limits) {
    return Arrays.asList(
        value(limits.concurrency()),
        max(limits.rate()),
        millis(limits.rate()),
        max(limits.units()),
        millis(limits.units()));
  }

  private static OptionalInt integer(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(value);
  }

  private static Optional<RateLimit> rate(ResultSet row, String column) throws SQLException {
    OptionalLong max = JobRows.millis(row, column + "_max");
    return max.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RateLimit(max.getAsLong(), Duration.ofMillis(row.getLong(column + "_ms"))));
  }

  private static @Nullable Integer value(OptionalInt value) {
    return value.isPresent() ? (Integer) value.getAsInt() : null;
  }

  private static @Nullable Long max(Optional<RateLimit> limit) {
    return limit.map(RateLimit::max).orElse(null);
  }

  private static @Nullable Long millis(Optional<RateLimit> limit) {
    return limit.map(rate -> rate.duration().toMillis()).orElse(null);
  }
}
