package dev.mainstay.queue.sql;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.OnFailure;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.json.Json;
import dev.mainstay.queue.json.OptionsJson;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Between rows and records. */
final class JobRows {
  private JobRows() {}

  static Job job(ResultSet row) throws SQLException {
    return new Job(
        row.getString("id"),
        row.getString("name"),
        row.getString("data"),
        options(row),
        JobState.valueOf(row.getString("state")),
        row.getInt("attempts_made"),
        row.getInt("stalled_count"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        instant(row, "run_at"),
        instant(row, "processed_at"),
        instant(row, "finished_at"),
        Optional.ofNullable(row.getString("worker_id")),
        Optional.ofNullable(row.getString("progress")),
        Optional.ofNullable(row.getString("return_value")),
        Optional.ofNullable(row.getString("failed_reason")),
        Json.readStrings(row.getString("stack_traces")),
        Optional.ofNullable(row.getString("scheduler_id")),
        parent(row));
  }

  private static Optional<JobKey> parent(ResultSet row) throws SQLException {
    String id = row.getString("parent_id");
    return id == null
        ? Optional.empty()
        : Optional.of(new JobKey(row.getString("parent_queue"), id));
  }

  private static JobOptions options(ResultSet row) throws SQLException {
    return new JobOptions(
        Optional.of(row.getString("id")),
        row.getInt("priority"),
        row.getLong("position") < 0,
        Duration.ofMillis(row.getLong("delay_ms")),
        row.getInt("attempts"),
        new Backoff(
            row.getString("backoff_type"),
            Duration.ofMillis(row.getLong("backoff_delay_ms")),
            row.getDouble("backoff_jitter")),
        retention(row, "keep_completed", "keep_completed_ms"),
        retention(row, "keep_failed", "keep_failed_ms"),
        duration(row, "timeout_ms"),
        row.getInt("keep_logs"),
        row.getInt("stack_trace_limit"),
        Optional.of(row.getString("group_name")).filter(name -> !name.isEmpty()),
        row.getLong("units"),
        Optional.ofNullable(row.getString("deduplication")).map(OptionsJson::readDeduplication),
        onFailure(row.getString("on_failure")));
  }

  static OnFailure onFailure(@Nullable String name) {
    return name == null ? OnFailure.WAIT : OnFailure.valueOf(name);
  }

  /** The count of a job that says nothing about it. */
  private static final int BY_DEFAULT = -1;

  static Retention retention(ResultSet row, String count, String age) throws SQLException {
    int kept = row.getInt(count);
    return kept == BY_DEFAULT ? Retention.DEFAULT : new Retention(kept, duration(row, age));
  }

  static int count(Retention retention) {
    return retention.byDefault() ? BY_DEFAULT : retention.count();
  }

  static OptionalLong millis(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    OptionalLong millis = millis(row, column);
    return millis.isPresent()
        ? Optional.of(Instant.ofEpochMilli(millis.getAsLong()))
        : Optional.empty();
  }

  static Optional<Duration> duration(ResultSet row, String column) throws SQLException {
    OptionalLong millis = millis(row, column);
    return millis.isPresent()
        ? Optional.of(Duration.ofMillis(millis.getAsLong()))
        : Optional.empty();
  }

  static @Nullable Long millis(Optional<Instant> instant) {
    return instant.map(Instant::toEpochMilli).orElse(null);
  }

  static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  /**
   * Runs a statement that changes rows.
   *
   * @return how many
   */
  static int update(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeUpdate();
    }
  }
}
