package dev.mainstay.queue.sql;

import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.OnFailure;
import dev.mainstay.queue.json.OptionsJson;
import dev.mainstay.queue.spi.Change;
import dev.mainstay.queue.spi.Event;
import dev.mainstay.queue.spi.QueueStore;
import dev.mainstay.queue.spi.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is done to jobs from outside, each within the caller's transaction. A change to one job
 * locks its row first, so that what was found is still true when it is changed.
 */
final class ControlTable {
  private static final Set<JobState> UNSTARTED =
      EnumSet.of(JobState.WAITING, JobState.DELAYED, JobState.WAITING_CHILDREN);
  private static final Set<JobState> FINISHED = EnumSet.of(JobState.COMPLETED, JobState.FAILED);
  private static final Set<JobState> DELAYED = EnumSet.of(JobState.DELAYED);
  private static final Set<JobState> ANY = EnumSet.allOf(JobState.class);

  private static final String REQUEST_CANCEL =
      "UPDATE queue_jobs SET cancel_reason = ? WHERE sequence = ?";

  private static final String CANCEL =
      """
      UPDATE queue_jobs SET state = 'FAILED', run_at = NULL, failed_reason = ?, finished_at = ?,
        deferred_failure = NULL
      WHERE sequence = ?""";

  private static final String RETRY =
      """
      UPDATE queue_jobs SET state = ?, finished_at = NULL, return_value = NULL
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
  private final FlowTable flows;
  private final FlowRemoval removal;

  ControlTable(
      String queue,
      Statements statements,
      JobTable jobs,
      SchedulerTable schedulers,
      FlowTable flows) {
    this.flows = flows;
    this.removal = new FlowRemoval(statements, flows);
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
      Optional<String> schedulerId,
      OptionalLong parent,
      boolean hasChildren,
      OnFailure onFailure) {}

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
                    Optional.ofNullable(rows.getString("scheduler_id")),
                    JobRows.millis(rows, "parent_sequence"),
                    rows.getInt("children") > 0,
                    JobRows.onFailure(rows.getString("on_failure"))))
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

  Change remove(Connection connection, String id, Instant now, Effects effects)
      throws SQLException {
    Locked job = lock(connection, id).orElse(null);
    if (job == null) {
      return Change.NOT_FOUND;
    }
    if (job.state() == JobState.ACTIVE) {
      return Change.refused(job.state());
    }
    FlowRemoval.Node root =
        new FlowRemoval.Node(
            job.sequence(),
            new JobKey(queue, id),
            job.state(),
            job.parent(),
            job.hasChildren(),
            job.deduplication(),
            job.schedulerId());
    Optional<List<FlowRemoval.Node>> gone = removal.remove(connection, root, now, effects);
    if (gone.isEmpty()) {
      return Change.refused(job.state());
    }
    for (FlowRemoval.Node one : gone.get()) {
      removed(connection, one, now, effects);
    }
    return Change.done(job.state());
  }

  /** What else goes with a job. */
  private void removed(Connection connection, FlowRemoval.Node job, Instant now, Effects effects)
      throws SQLException {
    String id = job.key().id();
    boolean own = job.key().queue().equals(queue);
    JobTable table = own ? jobs : new JobTable(job.key().queue(), statements, flows);
    if (job.deduplication().isPresent()) {
      Deduplication held = OptionsJson.readDeduplication(job.deduplication().get());
      table.deduplications().free(connection, held.id(), id);
    }
    if (job.schedulerId().isPresent()) {
      SchedulerTable its =
          own ? schedulers : new SchedulerTable(job.key().queue(), statements, table);
      its.advance(connection, job.schedulerId().get(), id, now, effects);
    }
  }

  /**
   * Removes a job that has not started, with the children that it waits for.
   *
   * @return false if it is active, finished or unknown, or if such a child is active
   */
  boolean removeUnstarted(Connection connection, String id, Instant now, Effects effects)
      throws SQLException {
    Optional<Job> job = jobs.find(connection, id);
    return job.isPresent()
        && UNSTARTED.contains(job.get().state())
        && remove(connection, id, now, effects).done();
  }

  Change cancel(Connection connection, String id, String reason, Instant now, Effects effects)
      throws SQLException {
    return change(
        connection,
        Target.job(id),
        EnumSet.complementOf(EnumSet.copyOf(FINISHED)),
        job -> {
          if (job.state() == JobState.ACTIVE) {
            JobRows.update(connection, REQUEST_CANCEL, reason, job.sequence());
          } else {
            JobRows.update(connection, CANCEL, reason, now.toEpochMilli(), job.sequence());
            effects.happens(queue, Event.failed(id, reason, job.state()));
            if (job.parent().isPresent()) {
              long parent = job.parent().getAsLong();
              flows.lockNow(connection, List.of(parent));
              FlowTable.End end =
                  new FlowTable.End(
                      parent,
                      new JobKey(queue, id),
                      Optional.of(JobState.FAILED),
                      Optional.of(reason),
                      job.onFailure());
              flows.ended(connection, List.of(end), now, effects);
            }
            jobs.deduplications().addDue(connection, now, effects);
            if (job.schedulerId().isPresent()) {
              schedulers.advance(connection, job.schedulerId().get(), id, now, effects);
            }
          }
        });
  }

  Change retry(Connection connection, String id, Effects effects) throws SQLException {
    return change(
        connection,
        Target.job(id),
        FINISHED,
        job ->
            retry(
                connection,
                new Again(job.sequence(), id, job.parent(), job.hasChildren()),
                job.state(),
                effects));
  }

  private void retry(Connection connection, Again job, JobState before, Effects effects)
      throws SQLException {
    JobState state = JobState.WAITING;
    OptionalLong parent = job.parent();
    if (job.hasChildren() || parent.isPresent()) {
      Set<Long> locks = new HashSet<>();
      locks.add(job.sequence());
      parent.ifPresent(locks::add);
      flows.lockNow(connection, locks);
      if (job.hasChildren() && flows.waits(connection, job.sequence())) {
        state = JobState.WAITING_CHILDREN;
      }
      if (parent.isPresent()) {
        flows.again(connection, parent.getAsLong(), new JobKey(queue, job.id()));
      }
    }
    JobRows.update(connection, RETRY, state.name(), job.sequence());
    effects.happens(
        queue,
        state == JobState.WAITING
            ? Event.waiting(job.id(), before)
            : Event.waitingChildren(job.id(), before));
  }

  Change promote(Connection connection, String id, Effects effects) throws SQLException {
    return change(
        connection,
        Target.job(id),
        DELAYED,
        job -> {
          JobRows.update(connection, PROMOTE, job.sequence());
          effects.happens(queue, Event.waiting(id, JobState.DELAYED));
        });
  }

  Change changeDelay(Connection connection, String id, Instant runAt, Effects effects)
      throws SQLException {
    return change(
        connection,
        Target.job(id),
        DELAYED,
        job -> {
          JobRows.update(connection, CHANGE_DELAY, runAt.toEpochMilli(), job.sequence());
          effects.happens(queue, Event.delayed(id, runAt));
        });
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

  Change updateProgress(Connection connection, Target target, String progress, Effects effects)
      throws SQLException {
    return change(
        connection,
        target,
        ANY,
        job -> {
          JobRows.update(connection, UPDATE_PROGRESS, progress, job.sequence());
          effects.happens(queue, Event.progress(target.id(), progress));
        });
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

  int drain(Connection connection, JobState state, Instant now, Effects effects)
      throws SQLException {
    String sql = state == JobState.WAITING ? statements.drainWaiting : statements.drainDelayed;
    return removal
        .removeSome(connection, queue, state, now, effects, sql, queue, QueueStore.BATCH)
        .size();
  }

  /** What is removed is not told of: the events go too. */
  int removeAny(Connection connection, Instant now, Effects effects) throws SQLException {
    Effects untold = new Effects(false);
    int alone =
        removal
            .removeSome(
                connection,
                queue,
                JobState.WAITING,
                now,
                untold,
                statements.removeAny,
                queue,
                QueueStore.BATCH)
            .size();
    int all =
        alone == QueueStore.BATCH
            ? alone
            : alone + removal.removeParents(connection, queue, QueueStore.BATCH, now, untold);
    untold.woken().forEach(effects::wake);
    return Math.min(all, QueueStore.BATCH);
  }

  int promoteAll(Connection connection, Effects effects) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(statements.promoteAll)) {
      JobRows.bind(statement, queue, QueueStore.BATCH);
      List<String> ids = strings(statement);
      ids.forEach(id -> effects.happens(queue, Event.waiting(id, JobState.DELAYED)));
      return ids.size();
    }
  }

  /** A finished job that waits again. */
  private record Again(long sequence, String id, OptionalLong parent, boolean hasChildren) {}

  int retryAll(Connection connection, JobState state, Instant before, Effects effects)
      throws SQLException {
    List<Again> again = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(statements.retryAll)) {
      JobRows.bind(statement, queue, state.name(), before.toEpochMilli(), QueueStore.BATCH);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          again.add(
              new Again(
                  rows.getLong("sequence"),
                  rows.getString("id"),
                  JobRows.millis(rows, "parent_sequence"),
                  rows.getInt("children") > 0));
        }
      }
    }
    for (Again job : again) {
      if (job.hasChildren() || job.parent().isPresent()) {
        retry(connection, job, state, effects);
      } else {
        effects.happens(queue, Event.waiting(job.id(), state));
      }
    }
    return again.size();
  }

  List<String> clean(
      Connection connection,
      JobState state,
      Instant before,
      int limit,
      Instant now,
      Effects effects)
      throws SQLException {
    long millis = before.toEpochMilli();
    String sql =
        switch (state) {
          case WAITING -> statements.cleanWaiting;
          case DELAYED -> statements.cleanDelayed;
          case COMPLETED, FAILED -> statements.cleanFinished;
          case ACTIVE, WAITING_CHILDREN ->
              throw new IllegalArgumentException(state + " jobs cannot be cleaned");
        };
    Object[] values =
        state.finished()
            ? new Object[] {queue, state.name(), millis, limit}
            : new Object[] {queue, millis, limit};
    List<String> ids = removal.removeSome(connection, queue, state, now, effects, sql, values);
    if (!ids.isEmpty()) {
      effects.happens(queue, Event.cleaned(ids.size()));
    }
    return ids;
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
