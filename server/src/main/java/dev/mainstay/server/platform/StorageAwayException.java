package dev.mainstay.server.platform;

/** The store does not answer, or takes nothing now: the same may work in a moment. */
public final class StorageAwayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StorageAwayException(String reason) {
    super(reason);
  }

  StorageAwayException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
