package dev.mainstay.queue.sql;

import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.json.OptionsJson;
import dev.mainstay.queue.spi.Admission;
import dev.mainstay.queue.spi.DeduplicationSource;
import dev.mainstay.queue.spi.Event;
import dev.mainstay.queue.spi.QueueStore;
import dev.mainstay.queue.spi.Settlement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who has the deduplication ids of a queue, each method within the caller's transaction. Rows are
 * locked in the order of their ids, after those of jobs; a job's row is never waited for with one
 * of these locked.
 */
final class DeduplicationTable {
  private static final String NO_JOB = "";

  private static final String LOCK =
      """
      INSERT INTO queue_deduplications (queue, id, job_id) VALUES (?, ?, '')
      ON CONFLICT (queue, id) DO UPDATE SET job_id = queue_deduplications.job_id""";

  static final String FIND =
      """
      SELECT id, job_id, expires_at, next_name, next_data, next_options FROM queue_deduplications
      WHERE queue = ? AND id = ?""";

  private static final String OWN =
      """
      UPDATE queue_deduplications SET job_id = ?, expires_at = CAST(? AS BIGINT),
        next_name = NULL, next_data = NULL, next_options = NULL
      WHERE queue = ? AND id = ?""";

  private static final String KEEP_NEXT =
      """
      UPDATE queue_deduplications SET expires_at = NULL,
        next_name = ?, next_data = ?, next_options = ?
      WHERE queue = ? AND id = ?""";

  private static final String EXTEND =
      "UPDATE queue_deduplications SET expires_at = ? WHERE queue = ? AND id = ?";

  private static final String REMOVE =
      "DELETE FROM queue_deduplications WHERE queue = ? AND id = ?";

  private static final String REMOVE_OF_JOB =
      "DELETE FROM queue_deduplications WHERE queue = ? AND id = ? AND job_id = ?";

  private static final String REMOVE_ALL = "DELETE FROM queue_deduplications WHERE queue = ?";

  private static final String OVER =
      """
      NOT EXISTS (SELECT 1 FROM queue_jobs
        WHERE queue_jobs.queue = queue_deduplications.queue AND queue_jobs.id = job_id
          AND state NOT IN ('COMPLETED', 'FAILED'))""";

  /** Jobs that were kept for when another has finished, which it has. */
  static final String DUE =
      """
      SELECT id, job_id, expires_at, next_name, next_data, next_options FROM queue_deduplications
      WHERE queue = ? AND next_name IS NOT NULL AND %s ORDER BY id LIMIT ?"""
          .formatted(OVER);

  static final String SWEEP_TO =
      """
      SELECT max(id) AS last FROM (
        SELECT id FROM queue_deduplications WHERE queue = ? AND id > ? ORDER BY id LIMIT ?) page""";

  private static final String STALE = "next_name IS NULL AND expires_at IS NULL AND " + OVER;

  private static final String FIND_STALE =
      "SELECT id FROM queue_deduplications WHERE queue = ? AND id > ? AND id <= ? AND %s ORDER BY id "
          .formatted(STALE);

  private static final String REMOVE_STALE =
      "DELETE FROM queue_deduplications WHERE queue = ? AND id = ? AND " + STALE;

  private final String queue;
  private final Statements statements;
  private final JobTable jobs;
  private final FlowRemoval removal;

  /** Where the search for ids without a job goes on. */
  private String sweptTo = "";

  DeduplicationTable(String queue, Statements statements, JobTable jobs, FlowTable flows) {
    this.removal = new FlowRemoval(statements, flows);
    this.queue = queue;
    this.statements = statements;
    this.jobs = jobs;
  }

  /** A row; an owner without a job has never had one. */
  private record Row(String id, DeduplicationSource.Owner owner, Optional<JobRequest> next) {

    static Row of(ResultSet row) throws SQLException {
      String name = row.getString("next_name");
      Optional<JobRequest> next =
          name == null
              ? Optional.empty()
              : Optional.of(
                  new JobRequest(
                      name,
                      row.getString("next_data"),
                      OptionsJson.read(row.getString("next_options"))));
      Optional<Instant> until =
          JobRows.millis(row, "expires_at").stream().mapToObj(Instant::ofEpochMilli).findFirst();
      return new Row(
          row.getString("id"), new DeduplicationSource.Owner(row.getString("job_id"), until), next);
    }
  }

  /** Makes sure that nobody else adds jobs with these ids until the commit. */
  void lock(Connection connection, Collection<String> ids) throws SQLException {
    for (String id : new TreeSet<>(ids)) {
      JobRows.update(connection, LOCK, queue, id);
    }
  }

  /** As {@link Admission#refuse}; the id must be locked. */
  Optional<Job> refuse(
      Connection connection, JobRequest request, String id, Instant now, Effects effects)
      throws SQLException {
    Optional<Job> other = Admission.refuse(new Source(connection, now, effects), request, id, now);
    String deduplicationId = request.options().deduplication().orElseThrow().id();
    other.ifPresent(
        job -> effects.happens(queue, Event.deduplicated(job.id(), deduplicationId, id)));
    return other;
  }

  Optional<Job> holder(Connection connection, String id, Instant now) throws SQLException {
    Source source = new Source(connection, now, new Effects(false));
    Optional<DeduplicationSource.Owner> owner = source.owner(id);
    return owner.isEmpty() ? Optional.empty() : Admission.holder(source, owner.get(), now);
  }

  boolean free(Connection connection, String id) throws SQLException {
    return JobRows.update(connection, REMOVE, queue, id) > 0;
  }

  /** For when a job is removed. */
  void free(Connection connection, String id, String jobId) throws SQLException {
    JobRows.update(connection, REMOVE_OF_JOB, queue, id, jobId);
  }

  int removeAll(Connection connection) throws SQLException {
    return JobRows.update(connection, REMOVE_ALL, queue);
  }

  /** Frees the ids of jobs that have finished, and adds those that were kept for then. */
  void settled(
      Connection connection,
      List<Settlement> settlements,
      List<Boolean> held,
      Instant now,
      Effects effects)
      throws SQLException {
    Map<String, String> jobIds = new TreeMap<>();
    for (int i = 0; i < held.size(); i++) {
      Job job = settlements.get(i).claimed().job();
      Optional<Deduplication> deduplication = job.options().deduplication();
      if (held.get(i) && deduplication.isPresent()) {
        jobIds.put(deduplication.get().id(), job.id());
      }
    }
    for (Map.Entry<String, String> entry : jobIds.entrySet()) {
      finish(connection, entry.getKey(), entry.getValue(), now, effects);
    }
  }

  private void finish(Connection connection, String id, String jobId, Instant now, Effects effects)
      throws SQLException {
    // Who is adding a job meanwhile may be keeping it for this one's end: wait for that.
    Row row =
        rows(connection, FIND + " " + statements.lockRow, queue, id).stream()
            .findFirst()
            .orElse(null);
    if (row == null || !row.owner().jobId().equals(jobId)) {
      return;
    }
    Optional<Job> job = jobs.find(connection, jobId);
    if (job.isPresent() && !job.get().state().finished()) {
      return;
    }
    if (row.next().isPresent()) {
      addNext(connection, row, now, effects);
    } else if (row.owner().until().isEmpty()) {
      JobRows.update(connection, REMOVE, queue, id);
    }
  }

  /** Adds the jobs that were kept for the end of one that has ended otherwise. */
  int addDue(Connection connection, Instant now, Effects effects) throws SQLException {
    List<Row> due = rows(connection, DUE + " " + statements.lockRow, queue, QueueStore.BATCH);
    for (Row row : due) {
      addNext(connection, row, now, effects);
    }
    return due.size();
  }

  private void addNext(Connection connection, Row row, Instant now, Effects effects)
      throws SQLException {
    JobRequest next = row.next().orElseThrow();
    Job added = jobs.addAnyway(connection, next, now, effects);
    Optional<Instant> until =
        next.options().deduplication().flatMap(Deduplication::time).map(now::plus);
    new Source(connection, now, effects)
        .own(row.id(), new DeduplicationSource.Owner(added.id(), until));
  }

  /** Removes ids that nobody has any more, some at a time. */
  synchronized int sweep(Connection connection, Instant now, Effects effects) throws SQLException {
    int removed =
        JobRows.update(
            connection,
            statements.removeExpiredDeduplications,
            queue,
            now.toEpochMilli(),
            QueueStore.BATCH);
    Optional<String> last = sweepTo(connection);
    if (last.isPresent()) {
      for (String id : stale(connection, sweptTo, last.get())) {
        // Looked at again, now that it is locked.
        removed += JobRows.update(connection, REMOVE_STALE, queue, id);
      }
    }
    sweptTo = last.orElse("");
    return removed + addDue(connection, now, effects);
  }

  private Optional<String> sweepTo(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SWEEP_TO)) {
      JobRows.bind(statement, queue, sweptTo, QueueStore.BATCH);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return Optional.ofNullable(row.getString("last"));
      }
    }
  }

  private List<String> stale(Connection connection, String after, String last) throws SQLException {
    List<String> ids = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(FIND_STALE + statements.lockRow)) {
      JobRows.bind(statement, queue, after, last);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getString("id"));
        }
      }
    }
    return ids;
  }

  private static List<Row> rows(Connection connection, String sql, Object... values)
      throws SQLException {
    List<Row> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      JobRows.bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(Row.of(rows));
        }
      }
    }
    return found;
  }

  private final class Source implements DeduplicationSource<SQLException> {
    private final Connection connection;
    private final Instant now;
    private final Effects effects;

    Source(Connection connection, Instant now, Effects effects) {
      this.connection = connection;
      this.now = now;
      this.effects = effects;
    }

    @Override
    public Optional<Owner> owner(String id) throws SQLException {
      return rows(connection, FIND, queue, id).stream()
          .map(Row::owner)
          .filter(owner -> !owner.jobId().equals(NO_JOB))
          .findFirst();
    }

    @Override
    public Optional<Job> find(String jobId) throws SQLException {
      return jobs.find(connection, jobId);
    }

    @Override
    public void own(String id, Owner owner) throws SQLException {
      JobRows.update(connection, OWN, owner.jobId(), JobRows.millis(owner.until()), queue, id);
    }

    @Override
    public void keepNext(String id, JobRequest next) throws SQLException {
      String options = OptionsJson.write(next.options());
      JobRows.update(connection, KEEP_NEXT, next.name(), next.data(), options, queue, id);
    }

    @Override
    public void extend(String id, Instant until) throws SQLException {
      JobRows.update(connection, EXTEND, until.toEpochMilli(), queue, id);
    }

    @Override
    public boolean removeDelayed(String jobId) throws SQLException {
      return !removal
          .removeSome(
              connection,
              queue,
              JobState.DELAYED,
              now,
              effects,
              statements.removeDelayed,
              queue,
              jobId,
              1)
          .isEmpty();
    }

    @Override
    public void reschedule(String jobId, Duration delay) throws SQLException {
      long millis = delay.toMillis();
      long runAt = now.plus(delay).toEpochMilli();
      JobRows.update(connection, statements.reschedule, millis, runAt, queue, jobId, 1);
    }
  }
}
