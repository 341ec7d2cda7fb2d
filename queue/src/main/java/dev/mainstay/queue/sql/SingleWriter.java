package dev.mainstay.queue.sql;

import dev.mainstay.queue.Transactions.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection that writes to a database with one writer. Threads hand in their work and wait
 * for the connection; whoever gets it does all that has been handed in by then, each work in a
 * savepoint of its own, and commits it together (a group commit). So the writers of this process
 * wait for each other here, not in SQLite's polling for its lock, and share the disk's syncs.
 */
final class SingleWriter implements AutoCloseable {
  /** Works of one commit at most, so that none waits long for others. */
  private static final int MAX_TOGETHER = 64;

  private static final Logger LOG = LoggerFactory.getLogger(SingleWriter.class);

  private final Dialect dialect;
  private final Opening opening;

  /** Works that nobody has begun yet; the number of threads bounds them. */
  private final Queue<Pending<?>> pending = new ConcurrentLinkedQueue<>();

  /** Protects what is below, what runs on the connection, and the ends of works. */
  private final ReentrantLock writing = new ReentrantLock(true);

  private @Nullable Connection connection;
  private boolean closed;

  /** Opens a connection that is set up for the dialect. */
  @FunctionalInterface
  interface Opening {
    Connection open() throws SQLException;
  }

  SingleWriter(Dialect dialect, Opening opening) {
    this.dialect = dialect;
    this.opening = opening;
  }

  /**
   * Does {@code work} in a transaction; its commit is on disk when this returns.
   *
   * @throws SQLException the work or the commit failed, and nothing of it is stored
   */
  <T> T write(Work<T> work) throws SQLException {
    if (writing.isHeldByCurrentThread()) {
      throw new IllegalStateException("A transaction may not begin another");
    }
    Pending<T> mine = new Pending<>(work);
    pending.add(mine);
    writing.lock();
    try {
      while (!mine.over) {
        commitTogether();
      }
    } finally {
      writing.unlock();
    }
    return mine.result();
  }

  private void commitTogether() {
    List<Pending<?>> together = new ArrayList<>();
    for (Pending<?> next = pending.poll(); next != null; next = pending.poll()) {
      together.add(next);
      if (together.size() == MAX_TOGETHER) {
        break;
      }
    }
    boolean committed = false;
    try {
      Connection writer = connection();
      writer.setAutoCommit(false);
      dialect.beginWrite(writer);
      boolean alone = together.size() == 1;
      for (Pending<?> each : together) {
        each.run(writer, alone);
      }
      writer.commit();
      writer.setAutoCommit(true);
      committed = true;
    } catch (SQLException | RuntimeException | Error e) {
      together.forEach(each -> each.fail(e));
    } finally {
      together.forEach(each -> each.over = true);
      if (!committed) {
        // Whatever state the failure left the connection in, the next write gets a fresh one.
        discard();
      }
    }
  }

  /** Works that have not begun. */
  int waiting() {
    return pending.size();
  }

  private Connection connection() throws SQLException {
    if (closed) {
      throw new IllegalStateException("The transactions are closed");
    }
    Connection open = connection;
    if (open == null) {
      open = StatementCache.of(opening.open());
      connection = open;
    }
    return open;
  }

  private void discard() {
    Connection failed = connection;
    connection = null;
    if (failed != null) {
      try {
        failed.rollback();
      } catch (SQLException e) {
        LOG.warn("A transaction could not be rolled back: {}", e.getMessage());
      }
      closeQuietly(failed);
    }
  }

  static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.warn("A connection could not be closed: {}", e.getMessage());
    }
  }

  /** Closes the connection once the write that runs has ended. Idempotent. */
  @Override
  public void close() {
    writing.lock();
    try {
      closed = true;
      Connection open = connection;
      connection = null;
      if (open != null) {
        closeQuietly(open);
      }
    } finally {
      writing.unlock();
    }
  }

  /** A work that a thread waits for. */
  private static final class Pending<T> {
    private final Work<T> work;
    private @Nullable T value;
    private @Nullable Throwable failure;
    boolean over;

    Pending(Work<T> work) {
      this.work = work;
    }

    /**
     * @param alone true if the transaction is this work's only, and may fail with it
     */
    void run(Connection connection, boolean alone) throws SQLException {
      if (alone) {
        value = work.run(connection);
        return;
      }
      Savepoint before = connection.setSavepoint();
      try {
        value = work.run(connection);
      } catch (SQLException | RuntimeException | Error e) {
        failure = e;
        connection.rollback(before);
      }
      connection.releaseSavepoint(before);
    }

    /** The transaction failed; a failure of its own is the better answer. */
    void fail(Throwable cause) {
      if (failure == null) {
        failure = cause;
      }
    }

    /** Only a null-marked work gives null, and then {@code T} allows it. */
    @SuppressWarnings("NullAway")
    T result() throws SQLException {
      switch (failure) {
        case null -> {
          return value;
        }
        case SQLException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(failure);
      }
    }
  }
}
