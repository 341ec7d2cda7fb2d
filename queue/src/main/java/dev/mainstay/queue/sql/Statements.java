package dev.mainstay.queue.sql;

import dev.mainstay.queue.JobState;
import java.util.Collections;

/**
 * The statements about jobs. Each state is written as a literal, so that the partial index of that
 * state answers it.
 */
final class Statements {
  /** What {@link JobRows#job} reads. */
  static final String JOB_COLUMNS =
      """
      id, name, data, state, priority, position, delay_ms, attempts, attempts_made, stalled_count,
      backoff_type, backoff_delay_ms, backoff_jitter, keep_completed, keep_completed_ms, keep_failed,
      keep_failed_ms, timeout_ms, keep_logs, stack_trace_limit, run_at, worker_id, progress, return_value,
      failed_reason, stack_traces, created_at, processed_at, finished_at, group_name, units,
      deduplication, scheduler_id, on_failure, parent_queue, parent_id""";

  static final String FIND =
      "SELECT %s FROM queue_jobs WHERE queue = ? AND id = ?".formatted(JOB_COLUMNS);

  /** The foremost of those that were added last in, first out. */
  static final String FRONT =
      """
      SELECT min(position) FROM queue_jobs
      WHERE queue = ? AND state = 'WAITING' AND group_name = ? AND priority = ? AND position < 0""";

  static final String COUNTS =
      """
      SELECT
        (SELECT count(*) FROM queue_jobs WHERE queue = ? AND state = 'WAITING') AS waiting,
        (SELECT count(*) FROM queue_jobs
          WHERE queue = ? AND state = 'WAITING_CHILDREN') AS waiting_children,
        (SELECT count(*) FROM queue_jobs WHERE queue = ? AND state = 'DELAYED') AS delayed,
        (SELECT count(*) FROM queue_jobs WHERE queue = ? AND state = 'ACTIVE') AS active,
        (SELECT count(*) FROM queue_jobs
          WHERE queue = ? AND state = 'COMPLETED' AND finished_at IS NOT NULL) AS completed,
        (SELECT count(*) FROM queue_jobs
          WHERE queue = ? AND state = 'FAILED' AND finished_at IS NOT NULL) AS failed""";

  static final String ACTIVE =
      "SELECT count(*) FROM queue_jobs WHERE queue = ? AND state = 'ACTIVE'";

  static final String ACTIVE_OF_GROUP =
      """
      SELECT count(*) FROM queue_jobs
      WHERE queue = ? AND state = 'ACTIVE' AND group_name > '' AND group_name = ?""";

  /** What the first job of a group wants. */
  static final String WANTED =
      """
      SELECT units FROM queue_jobs WHERE queue = ? AND state = 'WAITING' AND group_name = ?
      ORDER BY priority, position, sequence LIMIT 1""";

  /** Groups with jobs that wait, after a name. */
  static final String GROUPS_AFTER = groups("AND group_name > ?", "");

  /** Groups with jobs that wait, up to a name. */
  static final String GROUPS_UP_TO = groups("", "AND group_name <= ?");

  /** Is anything waiting, and when is the next thing due: a delayed job, or the end of a lease. */
  static final String OUTLOOK =
      """
      SELECT
        EXISTS (SELECT 1 FROM queue_jobs WHERE queue = ? AND state = 'WAITING') AS waiting,
        (SELECT min(run_at) FROM queue_jobs WHERE queue = ? AND state = 'DELAYED') AS next_run,
        (SELECT min(lease_until) FROM queue_jobs WHERE queue = ? AND state = 'ACTIVE') AS next_lease_end""";

  /**
   * What someone has canceled meanwhile does not wait again; it fails.
   *
   * <p>The state is compared in a way that no index can answer. PostgreSQL may keep a plan that it
   * has made while nothing was active, in which each of these reads the whole index of active jobs.
   */
  static final String SETTLE =
      """
      UPDATE queue_jobs SET
        state = CASE WHEN ? AND cancel_reason IS NOT NULL THEN 'FAILED' ELSE ? END,
        attempts_made = ?,
        run_at = CASE WHEN cancel_reason IS NOT NULL THEN NULL ELSE CAST(? AS BIGINT) END,
        return_value = ?,
        failed_reason = CASE WHEN ? AND cancel_reason IS NOT NULL THEN cancel_reason ELSE ? END,
        stack_traces = ?,
        finished_at = CASE WHEN ? AND cancel_reason IS NOT NULL THEN CAST(? AS BIGINT) ELSE CAST(? AS BIGINT) END,
        deferred_failure = CASE WHEN ? THEN deferred_failure END,
        lease_until = NULL, cancel_reason = NULL
      WHERE sequence = ? AND lease_token = ? AND coalesce(state, '') = 'ACTIVE'
        AND parent_sequence IS NOT DISTINCT FROM CAST(? AS BIGINT)""";

  static final String SETTLE_AND_REMOVE =
      """
      DELETE FROM queue_jobs WHERE sequence = ? AND lease_token = ? AND coalesce(state, '') = 'ACTIVE'
        AND parent_sequence IS NOT DISTINCT FROM CAST(? AS BIGINT)""";

  static final String RENEW =
      "UPDATE queue_jobs SET lease_until = ? WHERE sequence = ? AND lease_token = ? AND coalesce(state, '') = 'ACTIVE'";

  static final String CANCELLATIONS =
      """
      SELECT lease_token, cancel_reason FROM queue_jobs
      WHERE queue = ? AND worker_id = ? AND cancel_reason IS NOT NULL""";

  static final String TAKE_OVER =
      """
      UPDATE queue_jobs SET
        state = CASE
          WHEN cancel_reason IS NULL OR parent_sequence IS NOT NULL THEN 'WAITING' ELSE 'FAILED' END,
        failed_reason = CASE
          WHEN parent_sequence IS NULL THEN coalesce(cancel_reason, failed_reason) ELSE failed_reason END,
        deferred_failure = CASE
          WHEN parent_sequence IS NULL THEN deferred_failure ELSE coalesce(cancel_reason, deferred_failure) END,
        finished_at = CASE
          WHEN cancel_reason IS NULL OR parent_sequence IS NOT NULL THEN NULL ELSE CAST(? AS BIGINT) END,
        lease_until = NULL, cancel_reason = NULL
      WHERE queue = ? AND state = 'ACTIVE' AND worker_id = ?
      RETURNING id, state, failed_reason""";

  /** Of one lease. */
  static final String GIVE_BACK =
      TAKE_OVER.replace("RETURNING", "AND sequence = ? AND lease_token = ?\n      RETURNING");

  static final String LEASES =
      """
      SELECT lease_token, lease_until FROM queue_jobs
      WHERE queue = ? AND state = 'ACTIVE' AND worker_id = ? ORDER BY lease_token""";

  /** The oldest of the finished jobs that stay, if so many are kept. */
  static final String OLDEST_KEPT =
      """
      SELECT finished_at, sequence FROM queue_jobs
      WHERE queue = ? AND state = ? AND finished_at IS NOT NULL
      ORDER BY finished_at DESC, sequence DESC LIMIT 1 OFFSET ?""";

  static final String LOGS =
      """
      SELECT text FROM queue_job_logs
      WHERE sequence = (SELECT sequence FROM queue_jobs WHERE queue = ? AND id = ?)
      ORDER BY line LIMIT ? OFFSET ?""";

  static final String ADD_LOG =
      """
      INSERT INTO queue_job_logs (sequence, line, text, at)
      VALUES (?, 1 + coalesce((SELECT max(line) FROM queue_job_logs WHERE sequence = ?), 0), ?, ?)
      RETURNING line""";

  static final String REMOVE_LOGS = "DELETE FROM queue_job_logs WHERE sequence = ? AND line <= ?";

  /**
   * The first token of a job is its sequence times this. So the tokens grow not only with each
   * claim of one job: those of a job that was added later, perhaps under an id that was free again,
   * are above all of a job before it. They stay exact as JSON numbers for 2^33 jobs.
   */
  private static final int TOKENS_PER_JOB = 1 << 20;

  private static final String ADDED =
      "(?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)";

  private static final String CLAIMED =
      " RETURNING sequence, lease_token, children, deferred_failure, " + JOB_COLUMNS;

  /** Of jobs that were removed, or wait again. */
  private static final String WITH_PARENT = " RETURNING id, parent_sequence";

  /** Adds a job and events; if its id is there it adds neither, and returns nothing. */
  final String addAlone;

  final String promote;
  final String promoteAll;
  final String recover;
  final String claim;
  final String claimOne;
  final String prune;
  final String drainWaiting;
  final String drainDelayed;
  final String cleanWaiting;
  final String cleanDelayed;
  final String cleanFinished;
  final String removeAny;
  final String retryAll;
  final String lockJob;
  final String lockRow;
  final String lockRowNow;
  final String removeDelayed;
  final String removeNext;
  final String reschedule;
  final String removeExpiredDeduplications;
  final String lockSettings;

  Statements(Dialect dialect) {
    addAlone =
        "WITH added AS (%s), told AS (%s) SELECT id FROM added"
            .formatted(add(1), EventTable.insertIfAdded(dialect));
    promote =
        changePicked(
                dialect,
                "UPDATE queue_jobs SET state = 'WAITING', run_at = NULL",
                "queue = ? AND state = 'DELAYED' AND run_at <= ? ORDER BY run_at")
            + " RETURNING id";
    promoteAll =
        changePicked(
                dialect,
                "UPDATE queue_jobs SET state = 'WAITING', run_at = NULL",
                "queue = ? AND state = 'DELAYED' ORDER BY run_at")
            + " RETURNING id";
    recover =
        changePicked(
                dialect,
                """
                UPDATE queue_jobs SET
                  state = CASE
                    WHEN parent_sequence IS NOT NULL OR (cancel_reason IS NULL AND stalled_count < ?)
                    THEN 'WAITING' ELSE 'FAILED' END,
                  failed_reason = CASE
                    WHEN parent_sequence IS NOT NULL THEN failed_reason
                    WHEN cancel_reason IS NOT NULL THEN cancel_reason
                    WHEN stalled_count < ? THEN failed_reason ELSE ? END,
                  deferred_failure = CASE
                    WHEN parent_sequence IS NULL THEN deferred_failure
                    WHEN cancel_reason IS NOT NULL THEN cancel_reason
                    WHEN stalled_count < ? THEN deferred_failure ELSE ? END,
                  finished_at = CASE
                    WHEN parent_sequence IS NOT NULL OR (cancel_reason IS NULL AND stalled_count < ?)
                    THEN NULL ELSE CAST(? AS BIGINT) END,
                  stalled_count = stalled_count + 1, lease_until = NULL, cancel_reason = NULL""",
                "queue = ? AND state = 'ACTIVE' AND lease_until <= ? ORDER BY lease_until")
            + " RETURNING id, state, worker_id, lease_token, stalled_count, keep_failed, keep_failed_ms, failed_reason";
    String take =
        changePicked(
            dialect,
            """
                UPDATE queue_jobs SET
                  state = 'ACTIVE', worker_id = ?, lease_until = ?, processed_at = ?,
                  lease_token = 1 + CASE WHEN lease_token = 0 THEN sequence * %d ELSE lease_token END"""
                .formatted(TOKENS_PER_JOB),
            "queue = ? AND state = 'WAITING' AND group_name = ? ORDER BY priority, position, sequence");
    claim = take + CLAIMED;
    claimOne = take + " AND units <= ?" + CLAIMED;
    prune =
        changePicked(
            dialect,
            "DELETE FROM queue_jobs",
            """
            queue = ? AND state = ? AND finished_at IS NOT NULL
              AND (finished_at, sequence) < (?, ?)
              AND (state <> 'FAILED' OR parent_sequence IS NULL OR on_failure IS NOT NULL
                OR coalesce((SELECT parent.state IN ('COMPLETED', 'FAILED') FROM queue_jobs parent
                  WHERE parent.sequence = queue_jobs.parent_sequence), TRUE))
              ORDER BY finished_at, sequence""");
    drainWaiting =
        changePicked(
                dialect,
                "DELETE FROM queue_jobs",
                """
            queue = ? AND state = 'WAITING' AND scheduler_id IS NULL
              ORDER BY group_name, priority, position, sequence""")
            + WITH_PARENT;
    drainDelayed =
        changePicked(
                dialect,
                "DELETE FROM queue_jobs",
                "queue = ? AND state = 'DELAYED' AND scheduler_id IS NULL ORDER BY run_at")
            + WITH_PARENT;
    cleanWaiting =
        clean(
            dialect,
            """
            state = 'WAITING' AND scheduler_id IS NULL AND created_at <= ?
              ORDER BY group_name, priority, position, sequence""");
    cleanDelayed =
        clean(
            dialect,
            "state = 'DELAYED' AND scheduler_id IS NULL AND created_at <= ? ORDER BY run_at");
    cleanFinished =
        clean(
            dialect,
            """
            state = ? AND finished_at IS NOT NULL AND finished_at <= ?
              ORDER BY finished_at, sequence""");
    removeAny =
        changePicked(dialect, "DELETE FROM queue_jobs", "queue = ? AND children = 0 ORDER BY id")
            + WITH_PARENT;
    retryAll =
        changePicked(
                dialect,
                """
            UPDATE queue_jobs SET state = 'WAITING', finished_at = NULL, return_value = NULL""",
                """
            queue = ? AND state = ? AND finished_at IS NOT NULL AND finished_at <= ?
              ORDER BY finished_at, sequence""")
            + " RETURNING sequence, id, parent_sequence, children";
    lockJob =
        "SELECT sequence, state, lease_token, keep_logs, group_name, deduplication, scheduler_id, parent_sequence, children, on_failure FROM queue_jobs WHERE queue = ? AND id = ? "
            + dialect.lockRow();
    lockRow = dialect.lockRow();
    lockRowNow = dialect.lockRowNow();
    removeDelayed =
        changePicked(
                dialect, "DELETE FROM queue_jobs", "queue = ? AND id = ? AND state = 'DELAYED'")
            + WITH_PARENT;
    removeNext =
        changePicked(
            dialect,
            "DELETE FROM queue_jobs",
            "queue = ? AND id = ? AND state IN ('WAITING', 'DELAYED')");
    reschedule =
        changePicked(
            dialect,
            "UPDATE queue_jobs SET delay_ms = ?, run_at = ?",
            "queue = ? AND id = ? AND state = 'DELAYED'");
    removeExpiredDeduplications =
        "DELETE FROM queue_deduplications WHERE number "
            + dialect.picked(
                """
                SELECT number FROM queue_deduplications
                WHERE queue = ? AND expires_at IS NOT NULL AND expires_at <= ? AND next_name IS NULL
                ORDER BY expires_at LIMIT ?""");
    lockSettings = "SELECT queue FROM queue_settings WHERE queue = ? " + dialect.lockRow();
  }

  /**
   * Names of groups with jobs that wait, each found from the one before by the index; without those
   * that are blocked or have as many active jobs as they may.
   */
  private static String groups(String first, String all) {
    String next =
        "(SELECT group_name FROM queue_jobs WHERE queue = ? AND state = 'WAITING' %s ORDER BY group_name LIMIT 1)";
    return """
        WITH RECURSIVE names (name) AS (
          SELECT %s
          UNION ALL
          SELECT %s FROM names WHERE name IS NOT NULL)
        SELECT name FROM names
        WHERE name IS NOT NULL
          AND NOT coalesce(
            (SELECT blocked_at <= ? AND blocked_until > ? FROM queue_groups
              WHERE queue = ? AND queue_groups.name = names.name), FALSE)
          AND (SELECT count(*) FROM queue_jobs
              WHERE queue = ? AND state = 'ACTIVE' AND group_name > '' AND group_name = names.name)
            < coalesce(
              (SELECT coalesce(concurrency, 2147483647) FROM queue_groups
                WHERE queue = ? AND queue_groups.name = names.name AND own_limits), CAST(? AS INTEGER))
        LIMIT ?"""
        .formatted(
            next.formatted(first + " " + all),
            next.formatted("AND group_name > names.name " + all));
  }

  private static String changePicked(Dialect dialect, String change, String rows) {
    return change
        + " WHERE sequence "
        + dialect.picked("SELECT sequence FROM queue_jobs WHERE " + rows + " LIMIT ?");
  }

  private static String clean(Dialect dialect, String rows) {
    return changePicked(dialect, "DELETE FROM queue_jobs", "queue = ? AND " + rows) + WITH_PARENT;
  }

  /** Adds so many jobs, and returns the ids of those that were not there. */
  static String add(int jobs) {
    return """
        INSERT INTO queue_jobs (queue, id, name, data, state, priority, position, delay_ms, attempts,
          attempts_made, stalled_count, backoff_type, backoff_delay_ms, backoff_jitter,
          keep_completed, keep_completed_ms, keep_failed, keep_failed_ms, timeout_ms, keep_logs,
          stack_trace_limit, group_name, units, deduplication, scheduler_id,
          run_at, lease_token, created_at, children, parent_sequence, parent_queue, parent_id, on_failure)
        VALUES %s
        ON CONFLICT (queue, id) DO NOTHING
        RETURNING id, sequence"""
        .formatted(String.join(", ", Collections.nCopies(jobs, ADDED)));
  }

  /** Jobs of a state from a place in their order, see {@link ListOrder}. */
  static String list(JobState state, boolean fromStart) {
    ListOrder order = ListOrder.of(state);
    return "SELECT sequence, %s FROM queue_jobs WHERE queue = ? AND state = '%s'%s%s ORDER BY %s LIMIT ?"
        .formatted(
            JOB_COLUMNS,
            state,
            order.condition(),
            fromStart ? "" : " AND " + order.after(),
            order.orderBy());
  }

  static long sequence(long token) {
    return token / TOKENS_PER_JOB;
  }
}
