package dev.mainstay.server.platform;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** One open read-write transaction. Valid only inside the block that it was given to. */
public final class Tx {
  private final DSLContext sql;
  private final Connection connection;
  private final KeptStatements kept;
  private final List<Runnable> afterCommit = new ArrayList<>();

  Tx(DSLContext sql, Connection connection, KeptStatements kept) {
    this.sql = sql;
    this.connection = connection;
    this.kept = kept;
  }

  public DSLContext sql() {
    return sql;
  }

  /** Makes something of the row at which the result stands. */
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Runs a statement that brings no rows; returns how many it has changed. */
  public int execute(KeptStatement statement, @Nullable Object... values) {
    return kept.execute(statement, values);
  }

  /** Runs a statement and reads every row that it brings. */
  public <T> List<T> fetch(
      KeptStatement statement, RowReader<T> reader, @Nullable Object... values) {
    return kept.fetch(statement, reader, values);
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
