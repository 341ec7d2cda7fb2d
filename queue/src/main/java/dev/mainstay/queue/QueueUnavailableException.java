package dev.mainstay.queue;

/**
 * The store of a queue is away or does not answer: the same may work later. Whether what was asked
 * for was done is not known.
 */
public final class QueueUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public QueueUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
