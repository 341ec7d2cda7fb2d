package dev.mainstay.server.platform;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;

/** One open read-write transaction. Valid only inside the block that it was given to. */
public final class Tx {
  private final DSLContext sql;
  private final Connection connection;
  private final List<Runnable> afterCommit = new ArrayList<>();

  Tx(DSLContext sql, Connection connection) {
    this.sql = sql;
    this.connection = connection;
  }

  public DSLContext sql() {
    return sql;
  }

  /** For libraries that write plain JDBC; do not commit or close it. */
  public Connection connection() {
    return connection;
  }

  /**
   * Runs {@code action} after the commit is on disk, before the caller of {@link Database#write}
   * goes on, in the order of the commits. It must be quick and must not use the database.
   */
  public void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  List<Runnable> actions() {
    return afterCommit;
  }
}
