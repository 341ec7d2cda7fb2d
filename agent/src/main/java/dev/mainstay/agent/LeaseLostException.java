package dev.mainstay.agent;

/** Another worker owns the run now: stop at once, write nothing more. */
public final class LeaseLostException extends RuntimeException {
  public LeaseLostException(String message) {
    super(message);
  }
}
