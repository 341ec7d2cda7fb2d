package dev.mainstay.server.platform;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * Finds out, without leaving anything behind, whether a pooler such as PgBouncer gives a connection
 * another server session for each transaction. {@code LISTEN} and the lock on a node's name, which
 * belong to a session, would end up in the hands of others.
 *
 * <p>A pooler tells its clients a process id that it has made up. Behind one that does,
 * transactions are kept open on other connections: sooner or later one of them is in the very
 * server process that the idle connection had, which cannot be if that one has a session of its
 * own.
 */
final class PostgresPooler {
  /** A probe that gets no server session for so long says nothing. */
  private static final Duration ANSWER = Duration.ofSeconds(2);

  /** More than the idle sessions among which a pooler usually chooses. */
  private static final int PROBES = 8;

  private PostgresPooler() {}

  /**
   * @param idle a connection on which no transaction runs
   * @param probes more connections, each answer of which comes within {@link #ANSWER}
   */
  static boolean sharesSessions(Connection idle, DataSource probes) throws SQLException {
    long mine = backend(idle);
    if (idle.unwrap(PGConnection.class).getBackendPID() == mine) {
      return false;
    }
    List<Connection> open = new ArrayList<>();
    try {
      for (int i = 0; i < PROBES; i++) {
        long other = openTransaction(probes, open);
        if (other == mine || backend(idle) != mine) {
          return true;
        }
      }
      return false;
    } finally {
      for (Connection connection : open) {
        close(connection);
      }
    }
  }

  /** Returns 0 if there is no server session left for it. */
  private static long openTransaction(DataSource probes, List<Connection> open)
      throws SQLException {
    try {
      Connection connection = probes.getConnection();
      open.add(connection);
      connection.setAutoCommit(false);
      return backend(connection);
    } catch (SQLException e) {
      if (PostgresErrors.cut(e) || PostgresErrors.unavailable(e)) {
        return 0;
      }
      throw e;
    }
  }

  private static long backend(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void close(Connection connection) {
    try (connection) {
      connection.rollback();
    } catch (SQLException e) {
      // It was given up: the pooler ends its transaction.
    }
  }

  static DataSource probes(PostgresConfig config, String applicationName) {
    return config.dataSource(applicationName, ANSWER);
  }
}
