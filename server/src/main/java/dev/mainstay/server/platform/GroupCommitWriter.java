package dev.mainstay.server.platform;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SQLite's single writer. Transactions that arrive while a commit is being written to disk are
 * committed together by the next one: each has a savepoint of its own, so a failing one takes back
 * only itself, and one fsync serves them all.
 */
final class GroupCommitWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GroupCommitWriter.class);

  /** Bounds how long the first of a group waits for its commit. */
  static final int MAX_GROUP = 256;

  private static final String NO_TRANSACTION = "no transaction is active";
  private static final int QUEUE_CAPACITY = 4096;
  private static final int QUEUE_TIMEOUT_SECONDS = 5;

  private final Source source;
  // Only the writer's thread uses it, and close() once that has ended.
  private Session session;
  private final BlockingQueue<Job<?>> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
  private final Thread thread;
  private volatile boolean closed;

  /** Opens connections for writing. */
  @FunctionalInterface
  interface Source {
    Connection open() throws SQLException;
  }

  /** A connection and what belongs to it. */
  private record Session(Connection connection, DSLContext sql, KeptStatements kept) {
    static Session open(Source source) throws SQLException {
      Connection connection = source.open();
      DSLContext sql = SqliteDatabase.dsl(connection);
      return new Session(
          connection, sql, new KeptStatements(connection, new RenderedStatements(sql)));
    }
  }

  GroupCommitWriter(Source source) throws SQLException {
    this.source = source;
    this.session = Session.open(source);
    // A platform thread: SQLite's native calls would pin a carrier for as long as the disk takes.
    this.thread =
        Thread.ofPlatform()
            .name("sqlite-writer")
            .daemon()
            .start(PartThread.guarded("sqlite-writer", this::run));
  }

  <T extends @Nullable Object> T write(Function<Tx, T> work) {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException("a transaction must not open another one");
    }
    Job<T> job = new Job<>(work);
    enqueue(job);
    if (closed && queue.remove(job)) {
      throw new IllegalStateException("the database is closed");
    }
    return Uninterrupted.get(job.done);
  }

  /**
   * An interrupted caller's transaction is still carried out: what it means to write has happened.
   */
  private void enqueue(Job<?> job) {
    boolean interrupted = false;
    try {
      while (!closed) {
        try {
          if (queue.offer(job, QUEUE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            return;
          }
          throw new StorageAwayException("the database is busy");
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      throw new IllegalStateException("the database is closed");
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    List<Job<?>> group = new ArrayList<>(MAX_GROUP);
    while (!closed || !queue.isEmpty()) {
      try {
        Job<?> first = queue.poll(200, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        group.add(first);
        queue.drainTo(group, MAX_GROUP - 1);
        commit(group);
      } catch (InterruptedException e) {
        closed = true;
      } finally {
        group.clear();
      }
    }
  }

  /**
   * The transaction's statements are written out: the driver's own begin a new transaction, and
   * with it take the file's write lock, as soon as the last one is committed. Another process (a
   * shell command beside the server) could never write.
   */
  private void commit(List<Job<?>> group) {
    List<Job<?>> succeeded = new ArrayList<>(group.size());
    try {
      execute("begin immediate");
      for (Job<?> job : group) {
        if (runInSavepoint(job)) {
          succeeded.add(job);
        }
      }
      execute("commit");
    } catch (SQLException | RuntimeException | Error e) {
      ProcessEnd.ifFatal(e);
      rollback();
      group.forEach(job -> job.fail(e));
      return;
    }
    for (Job<?> job : succeeded) {
      job.finish();
    }
  }

  private boolean runInSavepoint(Job<?> job) throws SQLException {
    execute("savepoint job");
    try {
      job.run(
          new Tx(
              session.sql(),
              session.connection(),
              session.kept(),
              TxLocks.SINGLE_WRITER,
              TxConfinement.NONE));
    } catch (RuntimeException | Error e) {
      ProcessEnd.ifFatal(e);
      execute("rollback to job");
      execute("release job");
      job.fail(e);
      return false;
    }
    execute("release job");
    return true;
  }

  /** A connection whose transaction cannot be ended would refuse every later one. */
  private void rollback() {
    try {
      execute("rollback");
    } catch (SQLException | RuntimeException e) {
      // SQLite has rolled back by itself already when the disk is full, or cannot be read.
      if (!String.valueOf(e.getMessage()).contains(NO_TRANSACTION)) {
        log.warn("The rollback failed; the writer opens another connection: {}", e.getMessage());
        reopen();
      }
    }
  }

  private void reopen() {
    try {
      Session fresh = Session.open(source);
      session.connection().close();
      session = fresh;
    } catch (SQLException | RuntimeException e) {
      log.warn("Another connection cannot be opened; the next transaction tries again", e);
    }
  }

  private void execute(String statement) throws SQLException {
    try (Statement prepared = session.connection().createStatement()) {
      prepared.execute(statement);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
      session.connection().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      log.warn("Closing the database failed", e);
    }
  }

  private static final class Job<T extends @Nullable Object> {
    private final Function<Tx, T> work;
    private final CompletableFuture<T> done = new CompletableFuture<>();
    private @Nullable Tx tx;
    private @Nullable T result;

    Job(Function<Tx, T> work) {
      this.work = work;
    }

    void run(Tx tx) {
      this.tx = tx;
      this.result = work.apply(tx);
    }

    void fail(Throwable cause) {
      done.completeExceptionally(cause);
    }

    @SuppressWarnings(
        "NullAway") // result is what the work returned: null exactly where T allows it
    void finish() {
      if (tx != null) {
        tx.runActions();
      }
      done.complete(result);
    }
  }
}
