package dev.mainstay.queue.sql;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A connection that keeps the statements that are prepared on it: to close one makes it free for
 * the next that has the same text. SQLite's driver compiles each statement anew, which takes longer
 * than to run it. Not thread-safe. Whoever closes a statement must have closed its result set.
 */
final class StatementCache implements InvocationHandler {
  private static final int MAX_STATEMENTS = 128;

  private final Connection connection;

  /** Those that are free, the one that was used last at the end. */
  private final LinkedHashMap<String, PreparedStatement> free =
      new LinkedHashMap<>(16, 0.75f, true);

  private StatementCache(Connection connection) {
    this.connection = connection;
  }

  static Connection of(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            StatementCache.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new StatementCache(connection));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] arguments)
      throws Throwable {
    if (method.getName().equals("prepareStatement")
        && arguments.length == 1
        && arguments[0] instanceof String sql) {
      return prepare(sql);
    }
    if (method.getName().equals("close")) {
      free.clear(); // they end with their connection
    }
    return call(connection, method, arguments);
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement kept = free.remove(sql);
    PreparedStatement statement = kept == null ? connection.prepareStatement(sql) : kept;
    return (PreparedStatement)
        Proxy.newProxyInstance(
            StatementCache.class.getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            new Borrowed(sql, statement));
  }

  private void giveBack(String sql, PreparedStatement statement) throws SQLException {
    statement.clearParameters();
    PreparedStatement other = free.put(sql, statement);
    if (other != null) {
      other.close();
    }
    if (free.size() > MAX_STATEMENTS) {
      free.pollFirstEntry().getValue().close();
    }
  }

  private static @Nullable Object call(
      Object target, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** One use of a statement. */
  private final class Borrowed implements InvocationHandler {
    private final String sql;
    private final PreparedStatement statement;
    private boolean closed;

    Borrowed(String sql, PreparedStatement statement) {
      this.sql = sql;
      this.statement = statement;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] arguments)
        throws Throwable {
      switch (method.getName()) {
        case "close" -> {
          if (!closed) {
            closed = true;
            giveBack(sql, statement);
          }
          return null;
        }
        case "isClosed" -> {
          return closed;
        }
        default -> {
          if (closed) {
            throw new SQLException("The statement is closed");
          }
          return call(statement, method, arguments);
        }
      }
    }
  }
}
