package dev.mainstay.server.platform;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Param;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** What one connection keeps prepared. As many as there are constants; used by one thread. */
final class KeptStatements implements AutoCloseable {
  private final Connection connection;
  private final RenderedStatements rendered;
  private final Map<KeptStatement, PreparedStatement> prepared = new HashMap<>();

  KeptStatements(Connection connection, RenderedStatements rendered) {
    this.connection = connection;
    this.rendered = rendered;
  }

  int execute(KeptStatement statement, @Nullable Object... values) {
    try {
      return bound(statement, values).executeUpdate();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  <T> List<T> fetch(
      KeptStatement statement, StatementReader.RowReader<T> reader, @Nullable Object... values) {
    try (ResultSet rows = bound(statement, values).executeQuery()) {
      List<T> read = new ArrayList<>();
      while (rows.next()) {
        read.add(reader.read(rows));
      }
      return read;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private PreparedStatement bound(KeptStatement statement, @Nullable Object... values)
      throws SQLException {
    RenderedStatements.Rendered text = rendered.get(statement);
    PreparedStatement kept = prepared.get(statement);
    if (kept == null) {
      kept = connection.prepareStatement(text.text());
      prepared.put(statement, kept);
    }
    List<Param<?>> parameters = text.parameters();
    if (values.length != parameters.size()) {
      throw new IllegalArgumentException(
          "%d values for %d parameters".formatted(values.length, parameters.size()));
    }
    for (int i = 0; i < values.length; i++) {
      kept.setObject(i + 1, stored(parameters.get(i), values[i]));
    }
    return kept;
  }

  private static <T> @Nullable Object stored(Param<T> parameter, @Nullable Object value) {
    T typed = parameter.getType().cast(value);
    Object stored = parameter.getBinding().converter().to(typed);
    return stored instanceof String text ? StoredText.of(text) : stored;
  }

  private static DataAccessException failure(SQLException e) {
    return new DataAccessException("A kept statement failed", e);
  }

  /**
   * Gives the statements back to the driver, which may keep them for the connection's next user.
   */
  @Override
  public void close() {
    for (PreparedStatement statement : prepared.values()) {
      try {
        statement.close();
      } catch (SQLException e) {
        throw failure(e);
      }
    }
    prepared.clear();
  }
}
