package dev.mainstay.server.platform;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The name of this process among those on one database, which no other has at the same time. It
 * stays the same over restarts on one data directory, so that a process finds what it had when it
 * died.
 */
public final class NodeId implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeId.class);

  /** SQLite belongs to one process. */
  private static final String ONLY = "local";

  /** What PostgreSQL's views show of commands, which are not servers. */
  public static final String COMMAND = "mainstay command";

  private static final int MAX_HOST = 60;

  private final String value;
  private final boolean regained;
  private final @Nullable Connection holder;

  private NodeId(String value, boolean regained, @Nullable Connection holder) {
    this.value = value;
    this.regained = regained;
    this.holder = holder;
  }

  /** What the process wants to be called. */
  public static String wanted(ServerConfig config, DataDirectory data) {
    return config.postgres().isEmpty() ? ONLY : config.nodeId().orElseGet(data::id);
  }

  /**
   * Takes the name for as long as this process lives, or a fresh one if another process has it: a
   * copied data directory, or one that died in a way that the database has not noticed yet.
   */
  public static NodeId take(Database database, String wanted) {
    return switch (database) {
      case SqliteDatabase sqlite -> new NodeId(wanted, true, null);
      case PostgresDatabase postgres -> take(postgres, wanted);
    };
  }

  private static NodeId take(PostgresDatabase database, String wanted) {
    try {
      Connection connection = database.session();
      if (hold(connection, wanted)) {
        return new NodeId(wanted, true, connection);
      }
      connection.close();
      String fresh = wanted + "-" + random();
      log.warn("Another process is called {}; this one is {}", wanted, fresh);
      return new NodeId(fresh, false, null);
    } catch (SQLException e) {
      throw new IllegalStateException("The node's name cannot be taken", e);
    }
  }

  /** True if servers run on a shared database; a SQLite file has the lock of its directory. */
  public static boolean othersRun(Database database) {
    return switch (database) {
      case SqliteDatabase sqlite -> false;
      case PostgresDatabase postgres -> anyServer(postgres);
    };
  }

  private static boolean anyServer(PostgresDatabase database) {
    try (Connection connection = database.session();
        PreparedStatement statement =
            connection.prepareStatement(
                "select 1 from pg_stat_activity where datname = current_database()"
                    + " and application_name like 'mainstay %' and application_name <> ?")) {
      statement.setString(1, COMMAND);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL does not tell which servers run", e);
    }
  }

  /** A lock of the session, which ends with it. */
  private static boolean hold(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select pg_try_advisory_lock(hashtextextended('mainstay node:' || ?, 0))")) {
      statement.setString(1, name);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  static boolean isValid(String text) {
    return text.matches("[A-Za-z0-9._-]{1,100}");
  }

  static String fresh() {
    return host() + "-" + random();
  }

  private static String random() {
    return UUID.randomUUID().toString().substring(0, 8);
  }

  private static String host() {
    try {
      String name = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
      return name.isEmpty() ? "host" : name.substring(0, Math.min(name.length(), MAX_HOST));
    } catch (UnknownHostException e) {
      return "host";
    }
  }

  public String value() {
    return value;
  }

  /**
   * True if no other process can still have been called so: what the name had may be taken over.
   */
  public boolean regained() {
    return regained;
  }

  @Override
  public void close() {
    if (holder != null) {
      try {
        holder.close();
      } catch (SQLException e) {
        log.debug("The node's session was gone", e);
      }
    }
  }
}
