package dev.mainstay.server.platform;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs kept statements that bring rows: inside a transaction, or by itself. */
public interface StatementReader {

  /** Makes something of the row at which the result stands. */
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Runs a statement and reads every row that it brings. */
  <T> List<T> fetch(KeptStatement statement, RowReader<T> reader, @Nullable Object... values);

  /** As {@link #fetch}, for a statement that brings one row at most. */
  default <T> Optional<T> fetchOptional(
      KeptStatement statement, RowReader<T> reader, @Nullable Object... values) {
    return fetch(statement, reader, values).stream().findFirst();
  }
}
