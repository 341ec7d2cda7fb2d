package dev.mainstay.queue.sql;

import dev.mainstay.queue.spi.Settings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/** What holds for a queue as a whole, read and changed within the caller's transaction. */
final class SettingsTable {
  private static final String MAKE =
      """
      INSERT INTO queue_settings (queue, paused, concurrency) VALUES (?, FALSE, NULL)
      ON CONFLICT (queue) DO NOTHING""";

  private static final String CHANGE =
      "UPDATE queue_settings SET paused = ?, concurrency = CAST(? AS INTEGER) WHERE queue = ?";

  private static final String REMOVE = "DELETE FROM queue_settings WHERE queue = ?";

  private final String queue;
  private final Statements statements;

  SettingsTable(String queue, Statements statements) {
    this.queue = queue;
    this.statements = statements;
  }

  Settings get(Connection connection) throws SQLException {
    return select(connection, statements.settings);
  }

  /** As {@link #get}; nobody changes them until the caller's transaction ends. */
  Settings lock(Connection connection) throws SQLException {
    return select(connection, statements.lockSettings);
  }

  private Settings select(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      JobRows.bind(statement, queue);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Settings.DEFAULT;
        }
        boolean paused = rows.getBoolean("paused");
        int concurrency = rows.getInt("concurrency");
        return new Settings(
            paused, rows.wasNull() ? OptionalInt.empty() : OptionalInt.of(concurrency));
      }
    }
  }

  int remove(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(REMOVE)) {
      JobRows.bind(statement, queue);
      return statement.executeUpdate();
    }
  }

  void change(Connection connection, UnaryOperator<Settings> change) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MAKE)) {
      JobRows.bind(statement, queue);
      statement.executeUpdate();
    }
    Settings settings = change.apply(lock(connection));
    OptionalInt concurrency = settings.concurrency();
    try (PreparedStatement statement = connection.prepareStatement(CHANGE)) {
      JobRows.bind(
          statement,
          settings.paused(),
          concurrency.isPresent() ? (Integer) concurrency.getAsInt() : null,
          queue);
      statement.executeUpdate();
    }
  }
}
