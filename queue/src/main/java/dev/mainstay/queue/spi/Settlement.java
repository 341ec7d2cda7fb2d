package dev.mainstay.queue.spi;

import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Retention;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is written when an attempt has ended, if the lease is still held.
 *
 * @param state any but active
 * @param runAt set if the state is delayed
 * @param stackTraces all that are kept
 * @param finishedAt set if the state is completed or failed
 * @param hasChildren true if the job has children. A job that completes while it waits for one
 *     fails instead; one that is to wait for its children when there is none to wait for, waits as
 *     any job does
 */
public record Settlement(
    Claimed claimed,
    JobState state,
    int attemptsMade,
    Optional<Instant> runAt,
    Optional<String> returnValue,
    Optional<String> failedReason,
    List<String> stackTraces,
    Optional<Instant> finishedAt,
    boolean hasChildren) {

  public boolean finished() {
    return finishedAt.isPresent();
  }

  /** Which jobs of {@link #state} are kept, if this one has finished. */
  public Retention kept() {
    return state == JobState.COMPLETED
        ? claimed.job().options().removeOnComplete()
        : claimed.job().options().removeOnFail();
  }

  /** True if the job is to be removed instead of kept. */
  public boolean removes() {
    return finished() && kept().count() == 0;
  }

  /**
   * What is written in fact, given what has become meanwhile of a job that may be part of a flow.
   *
   * @param waits it has children that it waits for
   * @param deferredFailure a child has failed, and it is to fail too
   * @param cancelReason it is not wanted any more
   */
  public Settlement amended(
      boolean waits, Optional<String> deferredFailure, Optional<String> cancelReason, Instant now) {
    if (!finished() && cancelReason.isPresent()) {
      return failed(cancelReason.get(), now);
    }
    if (state == JobState.COMPLETED && deferredFailure.isPresent()) {
      return failed(deferredFailure.get(), now);
    }
    if (state == JobState.COMPLETED && waits) {
      return failed("completed before its children were done", now);
    }
    boolean goesOn = state == JobState.WAITING_CHILDREN && !waits;
    return goesOn || (!finished() && deferredFailure.isPresent()) ? waiting() : this;
  }

  private Settlement failed(String reason, Instant now) {
    return new Settlement(
        claimed,
        JobState.FAILED,
        attemptsMade,
        Optional.empty(),
        Optional.empty(),
        Optional.of(reason),
        stackTraces,
        Optional.of(now),
        hasChildren);
  }

  private Settlement waiting() {
    return new Settlement(
        claimed,
        JobState.WAITING,
        attemptsMade,
        Optional.empty(),
        returnValue,
        failedReason,
        stackTraces,
        Optional.empty(),
        hasChildren);
  }
}
