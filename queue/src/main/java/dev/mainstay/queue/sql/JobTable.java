package dev.mainstay.queue.sql;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What users of a queue do with its jobs, each within the caller's transaction. */
final class JobTable {
  private final String queue;

  JobTable(String queue) {
    this.queue = queue;
  }

  Job add(Connection connection, JobRequest request, Instant now) throws SQLException {
    boolean delayed = request.delay().toMillis() > 0;
    try (PreparedStatement statement = connection.prepareStatement(Statements.ADD)) {
      JobRows.bind(
          statement,
          queue,
          request.id(),
          request.name(),
          request.data(),
          (delayed ? JobState.DELAYED : JobState.WAITING).name(),
          JobRows.number(request.priority()),
          request.attempts(),
          request.backoff().kind().name(),
          request.backoff().delay().toMillis(),
          request.backoff().jitter(),
          delayed ? (Long) now.plus(request.delay()).toEpochMilli() : null,
          now.toEpochMilli());
      try (ResultSet rows = statement.executeQuery()) {
        if (rows.next()) {
          return JobRows.job(rows);
        }
      }
    }
    return find(connection, request.id())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Job %s is neither added nor there".formatted(request.id())));
  }

  Optional<Job> find(Connection connection, String id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Statements.FIND)) {
      JobRows.bind(statement, queue, id);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(JobRows.job(rows)) : Optional.empty();
      }
    }
  }

  boolean remove(Connection connection, String id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Statements.REMOVE)) {
      JobRows.bind(statement, queue, id);
      return statement.executeUpdate() > 0;
    }
  }

  Map<JobState, Long> counts(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Statements.COUNTS)) {
      JobRows.bind(statement, queue, queue, queue, queue, queue);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        Map<JobState, Long> counts = new EnumMap<>(JobState.class);
        for (JobState state : JobState.values()) {
          counts.put(state, rows.getLong(state.name().toLowerCase(Locale.ROOT)));
        }
        return counts;
      }
    }
  }
}
