package dev.mainstay.queue.sql;

import java.sql.Connection;
import java.sql.SQLException;

/** What differs between the databases. */
public interface Dialect {

  static Dialect sqlite() {
    return new SqliteDialect();
  }

  /** Resource beside this class that holds the schema's statements. */
  String schemaResource();

  /** Locking clause of the query that picks the jobs to claim; may be empty. */
  String lockPicked();

  /** True if the database has one writer at a time, so that more connections gain nothing. */
  boolean singleWriter();

  /** Prepares a new connection that is in auto-commit mode. */
  void configure(Connection connection) throws SQLException;

  /** Begins a transaction that will write, on a connection that has left auto-commit mode. */
  void beginWrite(Connection connection) throws SQLException;
}
