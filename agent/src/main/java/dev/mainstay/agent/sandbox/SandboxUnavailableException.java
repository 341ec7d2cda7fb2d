package dev.mainstay.agent.sandbox;

/** A shell was asked for where none can run; the message is the probe's sentence. */
public final class SandboxUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SandboxUnavailableException(String message) {
    super(message);
  }
}
