package dev.mainstay.queue.sql;

import java.sql.Connection;
import java.sql.SQLException;

/** What differs between the databases. */
public interface Dialect {

  static Dialect sqlite() {
    return new SqliteDialect();
  }

  static Dialect postgres() {
    return new PostgresDialect();
  }

  /** Resource beside this class that holds the schema's statements. */
  String schemaResource();

  /**
   * The condition that a key is among those that a query picks, for a statement that changes these
   * rows. Rows that another transaction is changing are left out, unless the database has one
   * writer.
   *
   * @param query selects keys, and ends with its limit
   */
  String picked(String query);

  /** Locking clause of a query for one row that must not change before the commit; may be empty. */
  String lockRow();

  /** The same for a row that is left out if another transaction has locked it. */
  String lockRowNow();

  /**
   * An integer that tells transactions apart, so that the ones below {@link #oldestRunning} are
   * over; if there is one writer they need not be told apart.
   */
  String transactionId();

  /** The least {@link #transactionId} of those that still run, or may begin. */
  String oldestRunning();

  /** A number above the {@link #transactionId} of all that have begun. */
  String nextTransaction();

  /** The condition of events from a transaction and a number on, its two parameters. */
  String eventsFrom();

  /**
   * A query for the place of the newest event that has been seen by then; its two parameters are
   * the queue.
   */
  String newestEvent();

  /** True if a statement may have parts that change rows ({@code WITH … AS (INSERT …)}). */
  boolean changesInParts();

  /** True if rows that are gone keep their space until their table is vacuumed. */
  boolean needsVacuum();

  /** True if the database has one writer at a time, so that more connections gain nothing. */
  boolean singleWriter();

  /** Prepares a new connection that is in auto-commit mode. */
  void configure(Connection connection) throws SQLException;

  /** Begins a transaction that will write, on a connection that has left auto-commit mode. */
  void beginWrite(Connection connection) throws SQLException;
}
