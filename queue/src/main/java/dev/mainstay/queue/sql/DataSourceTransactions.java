package dev.mainstay.queue.sql;

import dev.mainstay.queue.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions on a {@link DataSource}, one commit each. On SQLite it sets WAL, {@code
 * synchronous=FULL} and a busy timeout of 10 seconds, and keeps one connection for all writes: the
 * writers of this process wait for each other here, not in SQLite's polling for its lock.
 *
 * <p>Failures are {@link StoreException}. The data source is the caller's to close.
 */
public final class DataSourceTransactions implements Transactions, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataSourceTransactions.class);

  private final DataSource source;
  private final Dialect dialect;

  /** Protects the writer and what runs on it; taken only if the database has one writer. */
  private final ReentrantLock writing = new ReentrantLock(true);

  private @Nullable Connection writer;
  private boolean closed;

  public DataSourceTransactions(DataSource source, Dialect dialect) {
    this.source = source;
    this.dialect = dialect;
  }

  @Override
  public <T> T write(Work<T> work) {
    try {
      if (!dialect.singleWriter()) {
        try (Connection connection = open()) {
          return transact(connection, work);
        }
      }
      return writeAlone(work);
    } catch (SQLException e) {
      throw new StoreException("The write failed", e);
    }
  }

  private <T> T writeAlone(Work<T> work) throws SQLException {
    if (writing.isHeldByCurrentThread()) {
      throw new IllegalStateException("A transaction may not begin another");
    }
    writing.lock();
    try {
      if (closed) {
        throw new IllegalStateException("The transactions are closed");
      }
      Connection connection = writer;
      if (connection == null) {
        connection = StatementCache.of(open());
        writer = connection;
      }
      boolean done = false;
      try {
        T result = transact(connection, work);
        done = true;
        return result;
      } finally {
        if (!done) {
          // Whatever state the failure left the connection in, the next write gets a fresh one.
          writer = null;
          closeQuietly(connection);
        }
      }
    } finally {
      writing.unlock();
    }
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
    try (Connection connection = open()) {
      return work.run(connection);
    } catch (SQLException e) {
      throw new StoreException("The read failed", e);
    }
  }

  /** Closes the writer once the write that runs has ended. Idempotent. */
  @Override
  public void close() {
    writing.lock();
    try {
      closed = true;
      Connection connection = writer;
      writer = null;
      if (connection != null) {
        closeQuietly(connection);
      }
    } finally {
      writing.unlock();
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
        closeQuietly(connection);
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

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.warn("A connection could not be closed: {}", e.getMessage());
    }
  }
}
