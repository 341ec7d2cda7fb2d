package dev.mainstay.server.platform;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.Param;
import org.jooq.Query;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** What one connection keeps prepared. As many as there are constants; used by one thread. */
final class KeptStatements {
  private final Connection connection;
  private final DSLContext sql;
  private final Map<KeptStatement, Prepared> prepared = new HashMap<>();

  KeptStatements(Connection connection, DSLContext sql) {
    this.connection = connection;
    this.sql = sql;
  }

  private record Prepared(PreparedStatement statement, List<Param<?>> parameters) {}

  int execute(KeptStatement statement, @Nullable Object... values) {
    try {
      return bound(statement, values).executeUpdate();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  <T> List<T> fetch(KeptStatement statement, Tx.RowReader<T> reader, @Nullable Object... values) {
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
    Prepared kept = prepared.get(statement);
    if (kept == null) {
      Query query = statement.query(sql);
      kept =
          new Prepared(
              connection.prepareStatement(query.getSQL()),
              query.getParams().values().stream().filter(param -> !param.isInline()).toList());
      prepared.put(statement, kept);
    }
    if (values.length != kept.parameters().size()) {
      throw new IllegalArgumentException(
          "%d values for %d parameters".formatted(values.length, kept.parameters().size()));
    }
    for (int i = 0; i < values.length; i++) {
      kept.statement().setObject(i + 1, stored(kept.parameters().get(i), values[i]));
    }
    return kept.statement();
  }

  private static <T> @Nullable Object stored(Param<T> parameter, @Nullable Object value) {
    T typed = parameter.getType().cast(value);
    return parameter.getBinding().converter().to(typed);
  }

  private static DataAccessException failure(SQLException e) {
    return new DataAccessException("A kept statement failed", e);
  }
}
