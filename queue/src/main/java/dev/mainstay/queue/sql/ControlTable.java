package dev.mainstay.queue.sql;

import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.json.OptionsJson;
import dev.mainstay.queue.spi.Change;
import dev.mainstay.queue.spi.QueueStore;
import dev.mainstay.queue.spi.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is done to jobs from outside, each within the caller's transaction. A change to one job
 * locks its row first, so that what was found is still true when it is changed.
 */
final class ControlTable {
  private static final Set<JobState> UNSTARTED = EnumSet.of(JobState.WAITING, JobState.DELAYED);
  private static final Set<JobState> FINISHED = EnumSet.of(JobState.COMPLETED, JobState.FAILED);
  private static final Set<JobState> DELAYED = EnumSet.of(JobState.DELAYED);
  private static final Set<JobState> ANY = EnumSet.allOf(JobState.class);

  private static final String REMOVE = "DELETE FROM queue_jobs WHERE sequence = ?";

  private static final String REQUEST_CANCEL =
      "UPDATE queue_jobs SET cancel_reason = ? WHERE sequence = ?";

  private static final String CANCEL =
      """
      UPDATE queue_jobs SET state = 'FAILED', run_at = NULL, failed_reason = ?, finished_at = ?
      WHERE sequence = ?""";

  private static final String RETRY =
      """
      UPDATE queue_jobs SET state = 'WAITING', finished_at = NULL, return_value = NULL
      WHERE sequence = ?""";

  private static final String PROMOTE =
      "UPDATE queue_jobs SET state = 'WAITING', run_at = NULL WHERE sequence = ?";

  private static final String CHANGE_DELAY = "UPDATE queue_jobs SET run_at = ? WHERE sequence = ?";

  private static final String CHANGE_PRIORITY =
      "UPDATE queue_jobs SET priority = ?, position = ? WHERE sequence = ?";

  private static final String UPDATE_DATA = "UPDATE queue_jobs SET data = ? WHERE sequence = ?";

  private static final String UPDATE_PROGRESS =
      "UPDATE queue_jobs SET progress = ? WHERE sequence = ?";

  private final String queue;
  private final Statements statements;
  private final JobTable jobs;
  private final SchedulerTable schedulers;

  ControlTable(String queue, Statements statements, JobTable jobs, SchedulerTable schedulers) {
    this.queue = queue;
    this.jobs = jobs;
    this.schedulers = schedulers;
    this.statements = statements;
  }

  /** A job whose row is locked. */
  private record Locked(
      long sequence,
      JobState state,
      long token,
      int keepLogs,
      String group,
      Optional<String> deduplication,
      Optional<String> schedulerId) {}

  private Optional<Locked> lock(Connection connection, String id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(statements.lockJob)) {
      JobRows.bind(statement, queue, id);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new Locked(
                    rows.getLong("sequence"),
                    JobState.valueOf(rows.getString("state")),
                    rows.getLong("lease_token"),
                    rows.getInt("keep_logs"),
                    rows.getString("group_name"),
                    Optional.ofNullable(rows.getString("deduplication")),
                    Optional.ofNullable(rows.getString("scheduler_id"))))
            : Optional.empty();
      }
    }
  }

  @FunctionalInterface
  private interface Step {
    void run(Locked job) throws SQLException;
  }

  private Change change(Connection connection, Target target, Set<JobState> states, Step step)
      throws SQLException {
    Locked job = lock(connection, target.id()).orElse(null);
    if (job == null) {
      return Change.NOT_FOUND;
    }
    boolean leased =
        target.token().isEmpty()
            || (job.state() == JobState.ACTIVE && job.token() == target.token().getAsLong());
    if (!states.contains(job.state()) || !leased) {
      return Change.refused(job.state());
    }
    step.run(job);
    return Change.done(job.state());
  }

  Change remove(Connection connection, String id, Instant now) throws SQLException {
    return change(
        connection,
        Target.job(id),
        EnumSet.complementOf(EnumSet.of(JobState.ACTIVE)),
        job -> {
          JobRows.update(connection, REMOVE, job.sequence());
          if (job.deduplication().isPresent()) {
            Deduplication held = OptionsJson.readDeduplication(job.deduplication().get());
            jobs.deduplications().free(connection, held.id(), id);
          }
          if (job.schedulerId().isPresent()) {
            schedulers.advance(connection, job.schedulerId().get(), id, now);
          }
        });
  }

  Change cancel(Connection connection, String id, String reason, Instant now) throws SQLException {
    return change(
        connection,
        Target.job(id),
        EnumSet.complementOf(EnumSet.copyOf(FINISHED)),
        job -> {
          if (job.state() == JobState.ACTIVE) {
            JobRows.update(connection, REQUEST_CANCEL, reason, job.sequence());
          } else {
            JobRows.update(connection, CANCEL, reason, now.toEpochMilli(), job.sequence());
            jobs.deduplications().addDue(connection, now);
            if (job.schedulerId().isPresent()) {
              schedulers.advance(connection, job.schedulerId().get(), id, now);
            }
          }
        });
  }

  Change retry(Connection connection, String id) throws SQLException {
    return change(
        connection,
        Target.job(id),
        FINISHED,
        job -> JobRows.update(connection, RETRY, job.sequence()));
  }

  Change promote(Connection connection, String id) throws SQLException {
    return change(
        connection,
        Target.job(id),
        DELAYED,
        job -> JobRows.update(connection, PROMOTE, job.sequence()));
  }

  Change changeDelay(Connection connection, String id, Instant runAt) throws SQLException {
    return change(
        connection,
        Target.job(id),
        DELAYED,
        job -> JobRows.update(connection, CHANGE_DELAY, runAt.toEpochMilli(), job.sequence()));
  }

  Change changePriority(Connection connection, String id, int priority, boolean lifo)
      throws SQLException {
    return change(
        connection,
        Target.job(id),
        UNSTARTED,
        job -> {
          long position = lifo ? jobs.front(connection, job.group(), priority) - 1 : 0;
          JobRows.update(connection, CHANGE_PRIORITY, priority, position, job.sequence());
        });
  }

  Change updateData(Connection connection, Target target, String data) throws SQLException {
    return change(
        connection,
        target,
        ANY,
        job -> JobRows.update(connection, UPDATE_DATA, data, job.sequence()));
  }

  Change updateProgress(Connection connection, Target target, String progress) throws SQLException {
    return change(
        connection,
        target,
        ANY,
        job -> JobRows.update(connection, UPDATE_PROGRESS, progress, job.sequence()));
  }

  Change log(Connection connection, Target target, String line, Instant now) throws SQLException {
    return change(connection, target, ANY, job -> log(connection, job, line, now));
  }

  private static void log(Connection connection, Locked job, String line, Instant now)
      throws SQLException {
    long number;
    try (PreparedStatement statement = connection.prepareStatement(Statements.ADD_LOG)) {
      JobRows.bind(statement, job.sequence(), job.sequence(), line, now.toEpochMilli());
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        number = rows.getLong(1);
      }
    }
    if (number > job.keepLogs()) {
      JobRows.update(connection, Statements.REMOVE_LOGS, job.sequence(), number - job.keepLogs());
    }
  }

  List<String> logs(Connection connection, String id, int offset, int limit) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Statements.LOGS)) {
      JobRows.bind(statement, queue, id, limit, offset);
      return strings(statement);
    }
  }

  int drain(Connection connection, JobState state) throws SQLException {
    return JobRows.update(
        connection,
        state == JobState.WAITING ? statements.drainWaiting : statements.drainDelayed,
        queue,
        QueueStore.BATCH);
  }

  int removeAny(Connection connection) throws SQLException {
    return JobRows.update(connection, statements.removeAny, queue, QueueStore.BATCH);
  }

  int promoteAll(Connection connection) throws SQLException {
    return JobRows.update(connection, statements.promoteAll, queue, QueueStore.BATCH);
  }

  int retryAll(Connection connection, JobState state, Instant before) throws SQLException {
    return JobRows.update(
        connection,
        statements.retryAll,
        queue,
        state.name(),
        before.toEpochMilli(),
        QueueStore.BATCH);
  }

  List<String> clean(Connection connection, JobState state, Instant before, int limit)
      throws SQLException {
    long millis = before.toEpochMilli();
    return switch (state) {
      case WAITING -> clean(connection, statements.cleanWaiting, queue, millis, limit);
      case DELAYED -> clean(connection, statements.cleanDelayed, queue, millis, limit);
      case COMPLETED, FAILED ->
          clean(connection, statements.cleanFinished, queue, state.name(), millis, limit);
      case ACTIVE -> throw new IllegalArgumentException("Active jobs cannot be cleaned");
    };
  }

  private static List<String> clean(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      JobRows.bind(statement, values);
      return strings(statement);
    }
  }

  private static List<String> strings(PreparedStatement statement) throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }
}
