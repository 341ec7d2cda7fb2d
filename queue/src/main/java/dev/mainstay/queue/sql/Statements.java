package dev.mainstay.queue.sql;

/**
 * Every statement of the queue. Each state is written as a literal, so that the partial index of
 * that state answers it.
 */
final class Statements {
  /** What {@link JobRows#job} reads. */
  static final String JOB_COLUMNS =
      """
      id, name, data, state, priority, attempts, attempts_made, stalled_count,
      created_at, run_at, finished_at, return_value, failed_reason""";

  static final String ADD =
      """
      INSERT INTO queue_jobs (queue, id, name, data, state, priority, attempts, attempts_made, stalled_count,
        backoff_kind, backoff_delay_ms, backoff_jitter, run_at, lease_token, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, 0, ?)
      ON CONFLICT (queue, id) DO NOTHING
      RETURNING %s"""
          .formatted(JOB_COLUMNS);

  static final String FIND =
      "SELECT %s FROM queue_jobs WHERE queue = ? AND id = ?".formatted(JOB_COLUMNS);

  static final String REMOVE =
      "DELETE FROM queue_jobs WHERE queue = ? AND id = ? AND state IN ('WAITING', 'DELAYED')";

  static final String COUNTS =
      """
      SELECT
        (SELECT count(*) FROM queue_jobs WHERE queue = ? AND state = 'WAITING') AS waiting,
        (SELECT count(*) FROM queue_jobs WHERE queue = ? AND state = 'DELAYED') AS delayed,
        (SELECT count(*) FROM queue_jobs WHERE queue = ? AND state = 'ACTIVE') AS active,
        (SELECT count(*) FROM queue_jobs
          WHERE queue = ? AND state = 'COMPLETED' AND finished_at IS NOT NULL) AS completed,
        (SELECT count(*) FROM queue_jobs
          WHERE queue = ? AND state = 'FAILED' AND finished_at IS NOT NULL) AS failed""";

  /** Is anything waiting, and when is the next thing due: a delayed job, or the end of a lease. */
  static final String OUTLOOK =
      """
      SELECT
        EXISTS (SELECT 1 FROM queue_jobs WHERE queue = ? AND state = 'WAITING') AS waiting,
        (SELECT min(run_at) FROM queue_jobs WHERE queue = ? AND state = 'DELAYED') AS next_run,
        (SELECT min(lease_until) FROM queue_jobs WHERE queue = ? AND state = 'ACTIVE') AS next_lease_end""";

  static final String PROMOTE =
      """
      UPDATE queue_jobs SET state = 'WAITING', run_at = NULL
      WHERE sequence IN (
        SELECT sequence FROM queue_jobs
        WHERE queue = ? AND state = 'DELAYED' AND run_at <= ? ORDER BY run_at LIMIT ?)""";

  static final String RECOVER =
      """
      UPDATE queue_jobs SET
        state = CASE WHEN stalled_count < ? THEN 'WAITING' ELSE 'FAILED' END,
        failed_reason = CASE WHEN stalled_count < ? THEN failed_reason ELSE ? END,
        finished_at = CASE WHEN stalled_count < ? THEN NULL ELSE ? END,
        stalled_count = stalled_count + 1,
        lease_until = NULL
      WHERE sequence IN (
        SELECT sequence FROM queue_jobs
        WHERE queue = ? AND state = 'ACTIVE' AND lease_until <= ? ORDER BY lease_until LIMIT ?)
      RETURNING id, state, worker_id, lease_token, stalled_count""";

  static final String SETTLE =
      """
      UPDATE queue_jobs SET
        state = ?, attempts_made = ?, run_at = ?, return_value = ?, failed_reason = ?, finished_at = ?,
        lease_until = NULL
      WHERE sequence = ? AND lease_token = ? AND state = 'ACTIVE'""";

  static final String RENEW =
      "UPDATE queue_jobs SET lease_until = ? WHERE sequence = ? AND lease_token = ? AND state = 'ACTIVE'";

  static final String TAKE_OVER =
      """
      UPDATE queue_jobs SET state = 'WAITING', lease_until = NULL
      WHERE queue = ? AND state = 'ACTIVE' AND worker_id = ?""";

  static final String PRUNE_COMPLETED = prune("COMPLETED");
  static final String PRUNE_FAILED = prune("FAILED");

  /**
   * The first token of a job is its sequence times this. So the tokens grow not only with each
   * claim of one job: those of a job that was added later, perhaps under an id that was free again,
   * are above all of a job before it. They stay exact as JSON numbers for 2^33 jobs.
   */
  private static final int TOKENS_PER_JOB = 1 << 20;

  private Statements() {}

  static String claim(Dialect dialect) {
    return """
        UPDATE queue_jobs SET
          state = 'ACTIVE', worker_id = ?, lease_until = ?,
          lease_token = 1 + CASE WHEN lease_token = 0 THEN sequence * %d ELSE lease_token END
        WHERE sequence IN (
          SELECT sequence FROM queue_jobs
          WHERE queue = ? AND state = 'WAITING' ORDER BY priority, sequence LIMIT ? %s)
        RETURNING sequence, lease_token, backoff_kind, backoff_delay_ms, backoff_jitter, %s"""
        .formatted(TOKENS_PER_JOB, dialect.lockPicked(), JOB_COLUMNS);
  }

  private static String prune(String state) {
    return """
        DELETE FROM queue_jobs WHERE sequence IN (
          SELECT sequence FROM queue_jobs
          WHERE queue = ? AND state = '%s' AND finished_at IS NOT NULL
          ORDER BY finished_at DESC, sequence DESC LIMIT ? OFFSET ?)"""
        .formatted(state);
  }
}
