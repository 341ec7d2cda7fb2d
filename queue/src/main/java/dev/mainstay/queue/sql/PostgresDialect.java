package dev.mainstay.queue.sql;

import java.sql.Connection;

/** PostgreSQL 15 or newer, at its default isolation (read committed). */
final class PostgresDialect implements Dialect {
  private static final long ERA = 900_000_000_000_000_000L;

  /** Begins the keys of the locks of those who store events; numbers have 48 bits. */
  private static final long LOCKS = 0x4D51L << 48;

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

  /** Above all ids of transactions, so that events of earlier versions come first. */
  @Override
  public long era() {
    return ERA;
  }

  /**
   * Says, before a number is drawn, which was the last one: by a shared advisory lock whose key has
   * it. One for a transaction is enough, the first.
   */
  @Override
  public String storingEvents(String rows) {
    return """
        FROM %squeue_events_number_seq drawn
        WHERE CASE WHEN current_setting('mainstay.storing', true) = CAST(pg_current_xact_id() AS TEXT) THEN TRUE
          ELSE pg_advisory_xact_lock_shared(%d + CASE WHEN is_called THEN last_value ELSE 0 END) IS NOT NULL
            AND set_config('mainstay.storing', CAST(pg_current_xact_id() AS TEXT), true) IS NOT NULL END"""
        .formatted(rows.isEmpty() ? "" : rows + ", ", LOCKS);
  }

  /**
   * First the last number that was drawn, then the locks: who draws a later one is above it anyway.
   * Locks end after their transaction is seen by others, so the events are for the next statement.
   */
  @Override
  public String eventHorizon() {
    return """
        SELECT drawn.number AS drawn, least(drawn.number, (
          SELECT min((CAST(classid AS BIGINT) << 32 | CAST(objid AS BIGINT)) - %1$d) FROM pg_locks
          WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted AND objsubid = 1
            AND classid BETWEEN %2$d AND %3$d
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND drawn.number >= 0)) AS settled
        FROM (
          SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS number
          FROM queue_events_number_seq OFFSET 0) drawn"""
        .formatted(LOCKS, LOCKS >> 32, (LOCKS >> 32) + 0xFFFF);
  }

  @Override
  public String eventsFrom() {
    return "(xact, number) >= (?, ?) AND (xact, number) <= (" + ERA + ", ?)";
  }

  @Override
  public String newestEvent() {
    return """
        SELECT %d AS xact, settled AS number
        FROM (%s) horizon, (SELECT CAST(? AS TEXT), CAST(? AS TEXT)) queue"""
        .formatted(ERA, eventHorizon());
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
