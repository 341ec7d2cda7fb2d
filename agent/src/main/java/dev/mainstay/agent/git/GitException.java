package dev.mainstay.agent.git;

/** A git operation failed. The message is for a person and holds no credential. */
public final class GitException extends Exception {
  private final String code;
  private final boolean retryable;

  /**
   * @param code stable: {@code clone_failed}, {@code authentication_failed}, {@code
   *     repository_not_found}, {@code branch_not_found}, {@code repository_empty}, {@code
   *     checkout_too_large}, {@code push_failed}, {@code push_rejected}, {@code git_failed}
   * @param retryable the same operation may succeed later (network, time-out)
   */
  public GitException(String code, String message, boolean retryable) {
    super(message);
    this.code = code;
    this.retryable = retryable;
  }

  public String code() {
    return code;
  }

  public boolean retryable() {
    return retryable;
  }
}
