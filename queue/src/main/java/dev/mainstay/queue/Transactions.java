package dev.mainstay.queue;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Where an SQL engine gets its transactions. The host may run them on its own single writer with
 * group commit, or a plain {@code DataSource} may stand behind it.
 */
public interface Transactions {

  /**
   * Runs {@code work} in one read-write transaction; it is on disk when this returns, and undone if
   * {@code work} throws. The connection is not in auto-commit mode; {@code work} must neither
   * commit nor close it, and must not call this again. It may be run again in a transaction of its
   * own if the first one was undone, as by a deadlock: what it notes elsewhere it notes anew.
   */
  <T> T write(Work<T> work);

  /**
   * As {@link #write}, for work that is one statement, or throws if that has changed nothing. It
   * needs no begin and no commit, which cost as much as the statement where the database is another
   * process.
   */
  default <T> T writeOne(Work<T> work) {
    return write(work);
  }

  /** Runs {@code work} on a connection that sees all that has been committed. */
  <T> T read(Work<T> work);

  /**
   * As {@link #read}, for what a database does outside of transactions alone, such as PostgreSQL's
   * {@code VACUUM}: on a connection in auto-commit mode that may write. A host that has none leaves
   * such work to others.
   */
  default <T> T maintain(Work<T> work) {
    return read(work);
  }

  /** A piece of work on a connection. */
  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }
}
