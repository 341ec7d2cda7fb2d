package dev.mainstay.queue.sql;

/**
 * Another transaction is changing what this one needs, and might wait for this one: it is to be
 * undone and tried again.
 */
final class ConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConflictException(String message) {
    super(message);
  }
}
