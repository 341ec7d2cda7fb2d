package dev.mainstay.agent.git;

/** A repository's address is refused. The message completes "repoUrl …". */
public final class IllegalRepositoryException extends Exception {
  private final String reason;

  public IllegalRepositoryException(String reason) {
    super(reason);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
