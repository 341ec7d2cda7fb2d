package dev.mainstay.server.platform;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.SelectForUpdateStep;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One open read-write transaction. Valid only inside the block that it was given to. */
public final class Tx implements StatementReader {
  private static final Logger log = LoggerFactory.getLogger(Tx.class);

  private final DSLContext sql;
  private final Connection connection;
  private final KeptStatements kept;
  private final TxLocks locks;
  private final TxConfinement confinement;
  private boolean lifted;
  private final List<Runnable> afterCommit = new ArrayList<>();

  Tx(
      DSLContext sql,
      Connection connection,
      KeptStatements kept,
      TxLocks locks,
      TxConfinement confinement) {
    this.sql = sql;
    this.connection = connection;
    this.kept = kept;
    this.locks = locks;
    this.confinement = confinement;
  }

  public DSLContext sql() {
    return sql;
  }

  /** Runs a statement that brings no rows; returns how many it has changed. */
  public int execute(KeptStatement statement, @Nullable Object... values) {
    return kept.execute(statement, values);
  }

  @Override
  public <T> List<T> fetch(
      KeptStatement statement, RowReader<T> reader, @Nullable Object... values) {
    return kept.fetch(statement, reader, values);
  }

  /** For libraries that write plain JDBC; do not commit or close it. */
  public Connection connection() {
    return connection;
  }

  /** The rows of a query, which nobody else changes before this transaction ends. */
  public <R extends Record> ResultQuery<R> locking(SelectForUpdateStep<R> query) {
    return locks.rows() ? query.forUpdate() : query;
  }

  /**
   * Waits until no other transaction, of whatever process, holds this name, and holds it to the
   * end. For what no row stands for yet; a row that is there is locked itself.
   */
  public void exclusive(String name) {
    locks.take(connection, name);
  }

  /**
   * As {@link #exclusive}, without waiting.
   *
   * @return false if another transaction holds the name
   */
  public boolean tryExclusive(String name) {
    return locks.tryTake(connection, name);
  }

  /**
   * Runs {@code work} with the server's own rights in the transaction of a {@link Tenant}: for rows
   * that are the server's, such as the jobs of its queues. It must name the rows that it means.
   */
  public <T extends @Nullable Object> T asServer(Supplier<T> work) {
    if (lifted) {
      return work.get();
    }
    confinement.lift(connection);
    lifted = true;
    T result;
    try {
      result = work.get();
    } catch (RuntimeException | Error e) {
      confine(e);
      throw e;
    }
    lifted = false;
    confinement.restore(connection);
    return result;
  }

  private void confine(Throwable cause) {
    lifted = false;
    try {
      confinement.restore(connection);
    } catch (RuntimeException e) {
      // The transaction has failed already: nothing can be done in it any more.
      cause.addSuppressed(e);
    }
  }

  /**
   * Runs {@code action} after the commit is on disk, before the caller of {@link Database#write}
   * goes on. It must be quick and must not use the database. Actions run in the order of the
   * commits if the database has one writer; else those of two transactions may run in any order,
   * also if one waited for the other.
   */
  public void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  void runActions() {
    for (Runnable action : afterCommit) {
      try {
        action.run();
      } catch (RuntimeException | Error e) {
        // The transaction is committed: its caller and the actions that follow must know.
        ProcessEnd.ifFatal(e);
        log.error("An action after a commit failed", e);
      }
    }
  }
}
