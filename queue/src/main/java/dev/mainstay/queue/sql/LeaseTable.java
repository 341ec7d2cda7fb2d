package dev.mainstay.queue.sql;

import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What workers do with the jobs of a queue, each within the caller's transaction. */
final class LeaseTable {
  /** Rows that one statement changes at most, so that no transaction is long. */
  static final int BATCH = 500;

  private static final Comparator<Claimed> ORDER =
      Comparator.comparing((Claimed claimed) -> claimed.job().priority())
          .thenComparing(Claimed::sequence);

  private final String queue;
  private final String claim;

  LeaseTable(String queue, Dialect dialect) {
    this.queue = queue;
    this.claim = Statements.claim(dialect);
  }

  Outlook outlook(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Statements.OUTLOOK)) {
      JobRows.bind(statement, queue, queue, queue);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        long nextRun = JobRows.millis(rows, "next_run").orElse(Long.MAX_VALUE);
        long nextLeaseEnd = JobRows.millis(rows, "next_lease_end").orElse(Long.MAX_VALUE);
        return new Outlook(rows.getBoolean("waiting"), Math.min(nextRun, nextLeaseEnd));
      }
    }
  }

  /** Makes delayed jobs that are due wait, the first {@link #BATCH} of them. */
  void promote(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Statements.PROMOTE)) {
      JobRows.bind(statement, queue, now.toEpochMilli(), BATCH);
      statement.executeUpdate();
    }
  }

  /** Takes jobs from workers that let the lease end, the first {@link #BATCH} of them. */
  List<Recovered> recover(Connection connection, Instant now, int maxStalled) throws SQLException {
    String reason =
        "stalled more than %d times: its worker died or stopped renewing the lease"
            .formatted(maxStalled);
    long millis = now.toEpochMilli();
    try (PreparedStatement statement = connection.prepareStatement(Statements.RECOVER)) {
      JobRows.bind(
          statement, maxStalled, maxStalled, reason, maxStalled, millis, queue, millis, BATCH);
      List<Recovered> recovered = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          recovered.add(
              new Recovered(
                  rows.getLong("lease_token"),
                  rows.getString("id"),
                  JobState.valueOf(rows.getString("state")),
                  rows.getString("worker_id"),
                  rows.getInt("stalled_count")));
        }
      }
      return recovered;
    }
  }

  /** Takes up to {@code limit} waiting jobs, in the order in which they are to start. */
  List<Claimed> claim(Connection connection, String workerId, Instant leaseUntil, int limit)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(claim)) {
      JobRows.bind(statement, workerId, leaseUntil.toEpochMilli(), queue, limit);
      List<Claimed> claimed = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          claimed.add(JobRows.claimed(rows));
        }
      }
      claimed.sort(ORDER);
      return claimed;
    }
  }

  /**
   * Writes how attempts ended.
   *
   * @return for each, whether the lease was still held; if not, nothing has changed
   */
  List<Boolean> settle(Connection connection, List<Settlement> settlements) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Statements.SETTLE)) {
      for (Settlement settlement : settlements) {
        JobRows.bind(
            statement,
            settlement.state().name(),
            settlement.attemptsMade(),
            settlement.runAt(),
            settlement.returnValue(),
            settlement.failedReason(),
            settlement.finishedAt(),
            settlement.sequence(),
            settlement.token());
        statement.addBatch();
      }
      return changed(statement.executeBatch());
    }
  }

  /**
   * Makes leases last until {@code until}.
   *
   * @return for each, whether it was still held
   */
  List<Boolean> renew(Connection connection, List<Claimed> leases, Instant until)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Statements.RENEW)) {
      for (Claimed lease : leases) {
        JobRows.bind(statement, until.toEpochMilli(), lease.sequence(), lease.token());
        statement.addBatch();
      }
      return changed(statement.executeBatch());
    }
  }

  int takeOver(Connection connection, String workerId) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Statements.TAKE_OVER)) {
      JobRows.bind(statement, queue, workerId);
      return statement.executeUpdate();
    }
  }

  /**
   * Removes finished jobs beyond those that are kept, up to {@link #BATCH} of each state.
   *
   * @return true if there may be more
   */
  boolean prune(Connection connection) throws SQLException {
    int completed = prune(connection, Statements.PRUNE_COMPLETED, TaskQueue.KEEP_COMPLETED);
    int failed = prune(connection, Statements.PRUNE_FAILED, TaskQueue.KEEP_FAILED);
    return completed == BATCH || failed == BATCH;
  }

  private int prune(Connection connection, String sql, int keep) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      JobRows.bind(statement, queue, BATCH, keep);
      return statement.executeUpdate();
    }
  }

  private static List<Boolean> changed(int[] counts) {
    return Arrays.stream(counts).mapToObj(count -> count > 0).toList();
  }
}
