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
 */
public record Settlement(
    Claimed claimed,
    JobState state,
    int attemptsMade,
    Optional<Instant> runAt,
    Optional<String> returnValue,
    Optional<String> failedReason,
    List<String> stackTraces,
    Optional<Instant> finishedAt) {

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
}
