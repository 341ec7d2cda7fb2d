package dev.mainstay.queue.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

final class SqliteDialect implements Dialect {

  @Override
  public String schemaResource() {
    return "schema-sqlite.sql";
  }

  @Override
  public String picked(String query) {
    return "IN (" + query + ")";
  }

  @Override
  public String lockRow() {
    return "";
  }

  @Override
  public String lockRowNow() {
    return "";
  }

  @Override
  public long era() {
    return 0;
  }

  @Override
  public String storingEvents(String rows) {
    return rows.isEmpty() ? "" : "FROM " + rows;
  }

  /** There is one writer, so numbers are the order of commits. */
  @Override
  public String eventHorizon() {
    return "SELECT 999999999999999999 AS drawn, 999999999999999999 AS settled";
  }

  @Override
  public String eventsFrom() {
    // A start is before the era.
    return "xact = 0 AND ? <= 0 AND number >= ? AND ? >= 0";
  }

  @Override
  public String newestEvent() {
    return """
        SELECT 0 AS xact, max(
          coalesce((SELECT max(number) FROM queue_events WHERE queue = ? AND xact = 0), 0),
          coalesce((SELECT number FROM queue_event_gaps WHERE queue = ?), 0)) AS number""";
  }

  @Override
  public boolean changesInParts() {
    return false;
  }

  @Override
  public boolean needsVacuum() {
    return false;
  }

  @Override
  public boolean singleWriter() {
    return true;
  }

  @Override
  public void configure(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA foreign_keys = ON");
      // WAL with NORMAL may forget the last commits when the power fails.
      statement.execute("PRAGMA synchronous = FULL");
    }
  }

  @Override
  public void beginWrite(Connection connection) throws SQLException {
    // The driver has begun a deferred transaction. One that reads first and writes later fails at
    // once when another process has written in between, so the write lock is taken now.
    try (Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
      statement.execute("BEGIN IMMEDIATE");
    }
  }
}
