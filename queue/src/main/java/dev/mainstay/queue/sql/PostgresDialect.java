package dev.mainstay.queue.sql;

import java.sql.Connection;

/** PostgreSQL 15 or newer, at its default isolation (read committed). */
final class PostgresDialect implements Dialect {

  @Override
  public String schemaResource() {
    return "schema-postgres.sql";
  }

  @Override
  public String picked(String query) {
    // An array is computed once; the plan of IN may run the query again for each row, and lock
    // more rows than its limit.
    return "= ANY (ARRAY(" + query + " FOR UPDATE SKIP LOCKED))";
  }

  @Override
  public String lockRow() {
    return "FOR UPDATE";
  }

  @Override
  public String lockRowNow() {
    return "FOR UPDATE SKIP LOCKED";
  }

  @Override
  public String transactionId() {
    return "CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)";
  }

  @Override
  public String oldestRunning() {
    return "CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)";
  }

  @Override
  public String nextTransaction() {
    return "CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS BIGINT)";
  }

  @Override
  public String eventsFrom() {
    return "(xact, number) >= (?, ?)";
  }

  @Override
  public String newestEvent() {
    // Whatever has happened in the transactions that are over.
    return """
        SELECT %s - 1 AS xact, 999999999999999998 AS number
        FROM (SELECT CAST(? AS TEXT), CAST(? AS TEXT)) queue"""
        .formatted(oldestRunning());
  }

  @Override
  public boolean changesInParts() {
    return true;
  }

  @Override
  public boolean needsVacuum() {
    return true;
  }

  @Override
  public boolean singleWriter() {
    return false;
  }

  @Override
  public void configure(Connection connection) {
    // The server's settings are what its owner wants, and durable by default.
  }

  @Override
  public void beginWrite(Connection connection) {
    // The driver begins with the first statement.
  }
}
