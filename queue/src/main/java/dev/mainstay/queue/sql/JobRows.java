package dev.mainstay.queue.sql;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Priority;
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
        JobState.valueOf(row.getString("state")),
        priority(row.getInt("priority")),
        row.getInt("attempts"),
        row.getInt("attempts_made"),
        row.getInt("stalled_count"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        instant(row, "run_at"),
        instant(row, "finished_at"),
        Optional.ofNullable(row.getString("return_value")),
        Optional.ofNullable(row.getString("failed_reason")));
  }

  static Claimed claimed(ResultSet row) throws SQLException {
    Backoff backoff =
        new Backoff(
            Backoff.Kind.valueOf(row.getString("backoff_kind")),
            Duration.ofMillis(row.getLong("backoff_delay_ms")),
            row.getDouble("backoff_jitter"));
    return new Claimed(job(row), row.getLong("sequence"), row.getLong("lease_token"), backoff);
  }

  /** As it is stored, so that the order of the numbers is that of urgency. */
  static int number(Priority priority) {
    return switch (priority) {
      case P0 -> 0;
      case P1 -> 1;
      case P2 -> 2;
      case P3 -> 3;
    };
  }

  private static Priority priority(int number) {
    return switch (number) {
      case 0 -> Priority.P0;
      case 1 -> Priority.P1;
      case 2 -> Priority.P2;
      case 3 -> Priority.P3;
      default -> throw new IllegalStateException("There is no priority " + number);
    };
  }

  static OptionalLong millis(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    OptionalLong millis = millis(row, column);
    return millis.isPresent()
        ? Optional.of(Instant.ofEpochMilli(millis.getAsLong()))
        : Optional.empty();
  }

  static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }
}
