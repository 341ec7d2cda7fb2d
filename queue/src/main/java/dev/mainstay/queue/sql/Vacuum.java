package dev.mainstay.queue.sql;

import dev.mainstay.queue.Transactions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back the space of what is gone from PostgreSQL's tables. Its own autovacuum looks at a
 * database once a minute, in which a busy queue leaves a million dead rows behind; files never get
 * small again by themselves.
 *
 * <p>It runs beside the workers, on a thread of its own, and takes no lock that they wait for. A
 * role that may not do it, since the tables are another's, gets a warning in PostgreSQL's log and
 * leaves the work to the autovacuum.
 */
final class Vacuum {
  private static final Logger LOG = LoggerFactory.getLogger(Vacuum.class);

  /** Jobs that have ended, each with some three dead rows, after which it is worth the effort. */
  static final int EVERY = 20_000;

  /** Or this share of the table if that is more, since each vacuum reads all indexes. */
  private static final double SHARE = 0.1;

  private static final String ROWS =
      "SELECT reltuples FROM pg_class WHERE oid = CAST('queue_jobs' AS regclass)";

  /** Who vacuums a table already does it for all; files are cut short by the autovacuum. */
  private static final String RUN = "VACUUM (SKIP_LOCKED, TRUNCATE FALSE) queue_jobs, queue_events";

  private final Transactions transactions;
  private final AtomicLong ended = new AtomicLong();
  private final AtomicBoolean running = new AtomicBoolean();

  /** How many must have ended. */
  private volatile long due = EVERY;

  Vacuum(Transactions transactions) {
    this.transactions = transactions;
  }

  /** So many jobs have ended. */
  void ended(int jobs) {
    if (ended.addAndGet(jobs) >= due && running.compareAndSet(false, true)) {
      Thread.ofVirtual().name("queue-vacuum").start(this::run);
    }
  }

  private void run() {
    long seen = ended.get();
    try {
      if (transactions.maintain(connection -> vacuumed(connection, seen))) {
        ended.addAndGet(-seen);
      }
    } catch (RuntimeException e) {
      // Nothing is lost but space, and the autovacuum still comes.
      LOG.debug("The queue's tables could not be vacuumed", e);
      ended.addAndGet(-seen);
    } finally {
      running.set(false);
    }
  }

  /** False if it is too early. A host that reads within transactions leaves it to others. */
  private boolean vacuumed(Connection connection, long seen) throws SQLException {
    if (!connection.getAutoCommit()) {
      return true;
    }
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery(ROWS)) {
        due = Math.max(EVERY, rows.next() ? Math.round(SHARE * rows.getDouble(1)) : 0);
      }
      if (seen < due) {
        return false;
      }
      statement.execute(RUN);
      return true;
    }
  }
}
