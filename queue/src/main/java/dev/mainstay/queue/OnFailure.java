package dev.mainstay.queue;

/**
 * What becomes of the parent of a job that has failed for good; BullMQ has an option of the job for
 * each but the first. A job without a parent does not care.
 */
public enum OnFailure {
  /** The parent goes on waiting, until the job is tried again and completes, or is removed. */
  WAIT,
  /**
   * The parent fails too ({@code failParentOnFailure}): a worker of its queue fails it instead of
   * running it, and what becomes of its own parent follows from its own options.
   */
  FAIL_PARENT,
  /**
   * The parent no longer waits for any of its children ({@code continueParentOnFailure}); it is
   * told of this failure.
   */
  CONTINUE_PARENT,
  /**
   * The parent no longer waits for this child ({@code ignoreDependencyOnFailure}); it is told of
   * the failure.
   */
  IGNORE_DEPENDENCY,
  /**
   * As {@link #IGNORE_DEPENDENCY}, but the parent is told nothing ({@code
   * removeDependencyOnFailure}).
   */
  REMOVE_DEPENDENCY
}
