package dev.mainstay.queue.sql;

import dev.mainstay.queue.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions on a {@link DataSource}. On SQLite it sets WAL, {@code synchronous=FULL} and a busy
 * timeout of 10 seconds, keeps one connection for all writes and a few for reads; transactions that
 * arrive while others are being committed are committed together, so that a work may run on the
 * thread of another. On other databases each transaction has a connection of the data source.
 *
 * <p>Failures are {@link StoreException}. The data source is the caller's to close.
 */
public final class DataSourceTransactions implements Transactions, AutoCloseable {
  /** Connections for reads that are kept on SQLite, whose data source makes a new one each time. */
  private static final int MAX_READERS = 4;

  private static final int ATTEMPTS = 10;
  private static final long MAX_PAUSE_NANOS = 10_000_000;

  /** deadlock_detected, serialization_failure. */
  private static final Set<String> UNDONE = Set.of("40P01", "40001");

  private static final Logger LOG = LoggerFactory.getLogger(DataSourceTransactions.class);

  private final DataSource source;
  private final Dialect dialect;
  private final SingleWriter writer;

  /** Those that are free. */
  private final BlockingDeque<Connection> readers = new LinkedBlockingDeque<>(MAX_READERS);

  private volatile boolean closed;

  public DataSourceTransactions(DataSource source, Dialect dialect) {
    this.source = source;
    this.dialect = dialect;
    this.writer = new SingleWriter(dialect, this::open);
  }

  @Override
  public <T> T write(Work<T> work) {
    try {
      if (dialect.singleWriter()) {
        return writer.write(work);
      }
      return repeat(work);
    } catch (SQLException e) {
      throw new StoreException("The write failed", e);
    }
  }

  /**
   * True if the database has undone the transaction since it ran beside others: it has changed
   * nothing, and may be run again.
   */
  public static boolean undone(SQLException failure) {
    return UNDONE.contains(String.valueOf(failure.getSQLState()));
  }

  /** A transaction that lost a deadlock has changed nothing, and is run again. */
  private <T> T repeat(Work<T> work) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = open()) {
        return transact(connection, work);
      } catch (SQLException e) {
        if (attempt == ATTEMPTS || !undone(e)) {
          throw e;
        }
        LOG.debug("A transaction is run again", e);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MAX_PAUSE_NANOS));
      }
    }
  }

  /** In auto-commit mode, which data sources have their connections in. */
  @Override
  public <T> T writeOne(Work<T> work) {
    if (dialect.singleWriter()) {
      return write(work);
    }
    try (Connection connection = open()) {
      if (connection.getAutoCommit()) {
        return work.run(connection);
      }
      return transact(connection, work);
    } catch (SQLException e) {
      throw new StoreException("The write failed", e);
    }
  }

  /** Writes that wait for the one connection that writes. */
  int waiting() {
    return writer.waiting();
  }

  private <T> T transact(Connection connection, Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    T result;
    try {
      dialect.beginWrite(connection);
      result = work.run(connection);
      connection.commit();
    } catch (SQLException | RuntimeException | Error e) {
      rollbackQuietly(connection);
      throw e;
    }
    connection.setAutoCommit(true);
    return result;
  }

  @Override
  public <T> T read(Work<T> work) {
    try {
      if (dialect.singleWriter()) {
        return readKept(work);
      }
      try (Connection connection = open()) {
        return work.run(connection);
      }
    } catch (SQLException e) {
      throw new StoreException("The read failed", e);
    }
  }

  private <T> T readKept(Work<T> work) throws SQLException {
    Connection free = readers.pollFirst();
    Connection connection = free == null ? StatementCache.of(open()) : free;
    boolean done = false;
    try {
      T result = work.run(connection);
      done = true;
      return result;
    } finally {
      if (done && readers.offerFirst(connection)) {
        closeReadersIfClosed();
      } else {
        SingleWriter.closeQuietly(connection);
      }
    }
  }

  /** Closes the connections of SQLite once the write that runs has ended. Idempotent. */
  @Override
  public void close() {
    closed = true;
    writer.close();
    closeReadersIfClosed();
  }

  private void closeReadersIfClosed() {
    while (closed) {
      Connection reader = readers.pollFirst();
      if (reader == null) {
        return;
      }
      SingleWriter.closeQuietly(reader);
    }
  }

  private Connection open() throws SQLException {
    Connection connection = source.getConnection();
    boolean ready = false;
    try {
      dialect.configure(connection);
      ready = true;
      return connection;
    } finally {
      if (!ready) {
        SingleWriter.closeQuietly(connection);
      }
    }
  }

  private static void rollbackQuietly(Connection connection) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      LOG.warn("A transaction could not be rolled back: {}", e.getMessage());
    }
  }
}
