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

  /** What is before the numbers of events; earlier versions had the ids of transactions there. */
  long era();

  /**
   * The end of a statement that stores events, from its {@code FROM} on: until its transaction
   * ends, {@link #eventHorizon} stays below the number that it gets.
   *
   * @param rows the part of the statement whose rows let it store them; empty for none
   */
  String storingEvents(String rows);

  /**
   * A query for two numbers: up to {@code settled} no event will appear any more, whatever
   * transactions still run; {@code drawn} is the greatest that was given to one.
   */
  String eventHorizon();

  /**
   * The condition of events from a place on; its parameters are the place, which has two numbers,
   * and the greatest number that is settled.
   */
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
