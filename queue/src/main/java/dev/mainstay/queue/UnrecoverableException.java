package dev.mainstay.queue;

/** Thrown by a handler: do not try this job again. */
public final class UnrecoverableException extends Exception {
  public UnrecoverableException(String message, Throwable cause) {
    super(message, cause);
  }

  public UnrecoverableException(String message) {
    super(message);
  }
}
