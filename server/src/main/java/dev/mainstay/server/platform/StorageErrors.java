package dev.mainstay.server.platform;

import dev.mainstay.queue.QueueUnavailableException;
import java.util.Optional;
import java.util.Set;
import org.sqlite.SQLiteException;

/**
 * Which failures of the stores pass by themselves, or with an operator's help, and what they say.
 */
final class StorageErrors {
  /** SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN. */
  private static final Set<Integer> SQLITE = Set.of(5, 6, 8, 10, 13, 14);

  private StorageErrors() {}

  static boolean away(Throwable failure) {
    return reason(failure).isPresent();
  }

  /** One line, for a log: what is wrong with the store. Empty if the failure is another one. */
  static Optional<String> reason(Throwable failure) {
    if (PostgresErrors.unavailable(failure)) {
      return Optional.of(PostgresErrors.reason(failure));
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StorageAwayException
          || cause instanceof QueueUnavailableException
          || (cause instanceof SQLiteException sqlite && isAway(sqlite))) {
        return Optional.of(String.valueOf(cause.getMessage()));
      }
    }
    return Optional.empty();
  }

  /** SQLite's primary result code; 0 if the failure is not SQLite's. */
  static int sqliteCode(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLiteException sqlite) {
        return sqlite.getResultCode().code & 0xff;
      }
    }
    return 0;
  }

  private static boolean isAway(SQLiteException failure) {
    return SQLITE.contains(failure.getResultCode().code & 0xff);
  }
}
