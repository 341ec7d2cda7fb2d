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
  public String transactionId() {
    return "0";
  }

  @Override
  public String oldestRunning() {
    return "1";
  }

  @Override
  public String nextTransaction() {
    return "1";
  }

  @Override
  public String eventsFrom() {
    // All transactions are 0, and a start is before them.
    return "xact = 0 AND ? <= 0 AND number >= ?";
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
