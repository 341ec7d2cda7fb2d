package dev.mainstay.agent.git;

/** A repository's address is refused. The message completes "repoUrl …". */
public final class IllegalRepositoryException extends Exception {
  public IllegalRepositoryException(String message) {
    super(message);
  }
}
