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
