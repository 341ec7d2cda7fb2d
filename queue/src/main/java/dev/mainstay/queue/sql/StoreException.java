package dev.mainstay.queue.sql;

import java.sql.SQLException;

/** The database refused or failed; nothing of the operation was stored, as far as is known. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreException(String message, SQLException cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}
