package dev.mainstay.queue.sql;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.Schedule;
import dev.mainstay.queue.json.OptionsJson;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.Event;
import dev.mainstay.queue.spi.StoredScheduler;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The job schedulers of a queue, each method within the caller's transaction. Their rows are locked
 * in the order of their ids, after those of jobs; a job's row is never waited for with one of these
 * locked.
 */
final class SchedulerTable {
  private static final String COLUMNS =
      """
      id, name, data, options, pattern, time_zone, every_ms, given_offset_ms, offset_ms,
      start_at, end_at, max_iterations, immediately, iterations, next_at""";

  static final String FIND =
      "SELECT %s FROM queue_schedulers WHERE queue = ? AND id = ?".formatted(COLUMNS);

  static final String LIST =
      "SELECT %s FROM queue_schedulers WHERE queue = ? AND id > ? ORDER BY id LIMIT ?"
          .formatted(COLUMNS);

  /** Two that make the same scheduler wait for each other here. */
  private static final String LOCK =
      """
      INSERT INTO queue_schedulers (queue, id, name, data, options, time_zone, given_offset_ms,
        offset_ms, immediately, iterations)
      VALUES (?, ?, '', '', '{}', 'UTC', 0, 0, FALSE, 0)
      ON CONFLICT (queue, id) DO UPDATE SET name = queue_schedulers.name""";

  private static final String STORE =
      """
      UPDATE queue_schedulers SET name = ?, data = ?, options = ?, pattern = ?, time_zone = ?,
        every_ms = CAST(? AS BIGINT), given_offset_ms = ?, offset_ms = ?,
        start_at = CAST(? AS BIGINT), end_at = CAST(? AS BIGINT),
        max_iterations = CAST(? AS INTEGER), immediately = ?, iterations = ?,
        next_at = CAST(? AS BIGINT)
      WHERE queue = ? AND id = ?""";

  private static final String REMOVE = "DELETE FROM queue_schedulers WHERE queue = ? AND id = ?";

  private static final String REMOVE_ALL = "DELETE FROM queue_schedulers WHERE queue = ?";

  private final String queue;
  private final Statements statements;
  private final JobTable jobs;

  SchedulerTable(String queue, Statements statements, JobTable jobs) {
    this.queue = queue;
    this.statements = statements;
    this.jobs = jobs;
  }

  Optional<StoredScheduler> find(Connection connection, String id) throws SQLException {
    return select(connection, FIND, queue, id).stream().findFirst();
  }

  Page<StoredScheduler> list(Connection connection, Optional<String> cursor, int limit)
      throws SQLException {
    List<StoredScheduler> found = select(connection, LIST, queue, cursor.orElse(""), limit + 1);
    return found.size() <= limit
        ? new Page<>(found, Optional.empty())
        : new Page<>(found.subList(0, limit), Optional.of(found.get(limit - 1).id()));
  }

  StoredScheduler upsert(
      Connection connection,
      String id,
      Schedule schedule,
      JobRequest template,
      Instant now,
      Effects effects)
      throws SQLException {
    JobRows.update(connection, LOCK, queue, id);
    Optional<StoredScheduler> before = find(connection, id);
    boolean replaced = before.isPresent() && removeNext(connection, before.get(), effects);
    StoredScheduler scheduler = StoredScheduler.of(id, schedule, template, before, replaced, now);
    return add(connection, scheduler, now, effects);
  }

  private StoredScheduler add(
      Connection connection, StoredScheduler wanted, Instant now, Effects effects)
      throws SQLException {
    StoredScheduler scheduler = wanted.withJob(job -> jobs.addJob(connection, job, effects), now);
    store(connection, scheduler);
    return scheduler;
  }

  private boolean removeNext(Connection connection, StoredScheduler scheduler, Effects effects)
      throws SQLException {
    boolean removed =
        scheduler.nextAt().isPresent()
            && JobRows.update(connection, statements.removeNext, queue, scheduler.jobId(), 1) > 0;
    if (removed) {
      effects.happens(queue, Event.removed(scheduler.jobId(), JobState.DELAYED));
    }
    return removed;
  }

  boolean remove(Connection connection, String id, Effects effects) throws SQLException {
    Optional<StoredScheduler> there = locked(connection, id);
    if (there.isEmpty()) {
      // One that is being made is removed before that: its next job could not be seen here.
      return false;
    }
    boolean unused = removeNext(connection, there.get(), effects);
    return JobRows.update(connection, REMOVE, queue, id) > 0;
  }

  private Optional<StoredScheduler> locked(Connection connection, String id) throws SQLException {
    return select(connection, FIND + " " + statements.lockRow, queue, id).stream().findFirst();
  }

  int removeAll(Connection connection) throws SQLException {
    return JobRows.update(connection, REMOVE_ALL, queue);
  }

  /** Adds the next jobs of the schedulers whose newest jobs have been taken. */
  void taken(Connection connection, List<Claimed> claimed, Instant now, Effects effects)
      throws SQLException {
    Map<String, List<String>> jobIds = new TreeMap<>();
    for (Claimed claim : claimed) {
      Job job = claim.job();
      job.schedulerId()
          .ifPresent(id -> jobIds.computeIfAbsent(id, key -> new ArrayList<>()).add(job.id()));
    }
    for (Map.Entry<String, List<String>> entry : jobIds.entrySet()) {
      advance(connection, entry.getKey(), entry.getValue(), now, effects);
    }
  }

  void advance(Connection connection, String id, String jobId, Instant now, Effects effects)
      throws SQLException {
    advance(connection, id, List.of(jobId), now, effects);
  }

  /** Adds the next job of a scheduler, if its newest one is among these. */
  private void advance(
      Connection connection, String id, List<String> jobIds, Instant now, Effects effects)
      throws SQLException {
    Optional<StoredScheduler> there =
        locked(connection, id)
            .filter(scheduler -> scheduler.nextAt().isPresent())
            .filter(scheduler -> jobIds.contains(scheduler.jobId()));
    if (there.isPresent()) {
      add(connection, there.get().advanced(now), now, effects);
    }
  }

  private void store(Connection connection, StoredScheduler scheduler) throws SQLException {
    Schedule schedule = scheduler.schedule();
    JobRows.update(
        connection,
        STORE,
        scheduler.template().name(),
        scheduler.template().data(),
        OptionsJson.write(scheduler.template().options()),
        schedule.pattern().orElse(null),
        schedule.timeZone().getId(),
        schedule.every().map(Duration::toMillis).orElse(null),
        schedule.offset().toMillis(),
        scheduler.offset(),
        JobRows.millis(schedule.startAt()),
        JobRows.millis(schedule.endAt()),
        schedule.limit().isPresent() ? (Integer) schedule.limit().getAsInt() : null,
        schedule.immediately(),
        scheduler.iterations(),
        scheduler.nextAt().isPresent() ? (Long) scheduler.nextAt().getAsLong() : null,
        queue,
        scheduler.id());
  }

  /** Without those that are about to be made. */
  private static List<StoredScheduler> select(Connection connection, String sql, Object... values)
      throws SQLException {
    List<StoredScheduler> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      JobRows.bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          if (rows.getInt("iterations") > 0) {
            found.add(scheduler(rows));
          }
        }
      }
    }
    return found;
  }

  private static StoredScheduler scheduler(ResultSet row) throws SQLException {
    Schedule schedule =
        new Schedule(
            Optional.ofNullable(row.getString("pattern")),
            ZoneId.of(row.getString("time_zone")),
            JobRows.duration(row, "every_ms"),
            Duration.ofMillis(row.getLong("given_offset_ms")),
            JobRows.instant(row, "start_at"),
            JobRows.instant(row, "end_at"),
            limit(row),
            row.getBoolean("immediately"));
    JobRequest template =
        new JobRequest(
            row.getString("name"),
            row.getString("data"),
            OptionsJson.read(row.getString("options")));
    return new StoredScheduler(
        row.getString("id"),
        schedule,
        template,
        row.getLong("offset_ms"),
        row.getInt("iterations"),
        JobRows.millis(row, "next_at"));
  }

  private static OptionalInt limit(ResultSet row) throws SQLException {
    int value = row.getInt("max_iterations");
    return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(value);
  }
}
