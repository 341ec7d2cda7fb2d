package dev.mainstay.queue;

/** How far a child has come, in the terms of BullMQ's {@code getDependencies}. */
public enum DependencyState {
  /** The parent waits for it. */
  UNPROCESSED,
  /** It has completed. */
  PROCESSED,
  /**
   * It has failed, and the parent goes on without it: {@link OnFailure#IGNORE_DEPENDENCY} or {@link
   * OnFailure#CONTINUE_PARENT}.
   */
  IGNORED,
  /** It has failed, and the parent with it: {@link OnFailure#FAIL_PARENT}. */
  FAILED
}
