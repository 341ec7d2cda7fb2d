package dev.mainstay.server.platform;

import dev.mainstay.queue.sql.DataSourceTransactions;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;

/** What PostgreSQL's error codes (its manual, appendix A) mean here. */
final class PostgresErrors {
  /**
   * Unable to connect, connection failure, cannot_connect_now (it starts or stops), admin_shutdown,
   * crash_shutdown, too_many_connections.
   */
  private static final Set<String> COMING_UP =
      Set.of("08001", "08006", "57P03", "57P01", "57P02", "53300");

  /** Connection exceptions, and insufficient resources: disk, memory, connections. */
  private static final Set<String> GONE_CLASSES = Set.of("08", "53");

  /**
   * The server goes or is gone: admin_shutdown, crash_shutdown, cannot_connect_now,
   * database_dropped, idle_session_timeout; io_error; read_only_sql_transaction, as of one that has
   * become a standby.
   */
  private static final Set<String> GONE =
      Set.of("57P01", "57P02", "57P03", "57P04", "57P05", "58030", "25006");

  /** The server has ended the session, or the network has. */
  private static final Set<String> CUT = Set.of("57P01", "57P02", "57P05", "08003", "08006");

  static final String INSUFFICIENT_PRIVILEGE = "42501";
  static final String QUERY_CANCELED = "57014";

  private PostgresErrors() {}

  /** True if the transaction is undone, and may be run again. */
  static boolean mayRepeat(Throwable failure) {
    return withState(failure).filter(DataSourceTransactions::undone).isPresent();
  }

  /** True if the work failed because the server is not there, or has no connection free. */
  static boolean unavailable(Throwable failure) {
    return hasCause(failure, SQLTransientConnectionException.class)
        || sqlState(failure)
            .filter(state -> GONE_CLASSES.contains(state.substring(0, 2)) || GONE.contains(state))
            .isPresent();
  }

  /** True if another connection may do at once what this one could not. */
  static boolean cut(Throwable failure) {
    return !hasCause(failure, SQLTransientConnectionException.class)
        && sqlState(failure).filter(CUT::contains).isPresent();
  }

  /** True for a server that may be there in a moment. */
  static boolean comingUp(SQLException failure) {
    return sqlState(failure).filter(COMING_UP::contains).isPresent()
        && !hasCause(failure, javax.net.ssl.SSLException.class);
  }

  static Optional<String> sqlState(Throwable failure) {
    return withState(failure).map(SQLException::getSQLState);
  }

  private static Optional<SQLException> withState(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return Optional.of(sql);
      }
    }
    return Optional.empty();
  }

  /** One line of what went wrong; the driver's messages hold no password. */
  static String reason(Throwable failure) {
    Throwable deepest = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException) {
        deepest = cause;
      } else if (cause instanceof UnknownHostException) {
        return "there is no host " + cause.getMessage();
      }
    }
    String message = Optional.ofNullable(deepest.getMessage()).orElse(deepest.toString());
    if (deepest.getCause() != null && deepest.getCause().getMessage() != null) {
      message = message + " (" + deepest.getCause().getMessage() + ")";
    }
    String line = message.replaceAll("\\s+", " ").strip();
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
