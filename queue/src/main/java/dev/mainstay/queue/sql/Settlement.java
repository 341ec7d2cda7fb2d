package dev.mainstay.queue.sql;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is written when an attempt has ended, if the lease is still held. Times in epoch ms. */
record Settlement(
    long sequence,
    long token,
    JobState state,
    int attemptsMade,
    @Nullable Long runAt,
    @Nullable String returnValue,
    @Nullable String failedReason,
    @Nullable Long finishedAt) {

  /**
   * @param draw a random number from 0 to 1, for the jitter
   */
  static Settlement of(Claimed claimed, Outcome outcome, Instant now, double draw) {
    Job job = claimed.job();
    int made = job.attemptsMade() + 1;
    return switch (outcome) {
      case Outcome.Completed(String value) ->
          claimed(
              claimed, JobState.COMPLETED, made, null, value.isEmpty() ? null : value, null, now);
      case Outcome.Failed(String reason, boolean last) when last || made >= job.attempts() ->
          claimed(claimed, JobState.FAILED, made, null, null, reason, now);
      case Outcome.Failed(String reason, boolean last) -> {
        Duration wait = claimed.backoff().waitAfter(made, draw);
        yield wait.isZero()
            ? claimed(claimed, JobState.WAITING, made, null, null, reason, null)
            : claimed(claimed, JobState.DELAYED, made, now.plus(wait), null, reason, null);
      }
      case Outcome.Released() ->
          claimed(
              claimed,
              JobState.WAITING,
              job.attemptsMade(),
              null,
              null,
              job.failedReason().orElse(null),
              null);
    };
  }

  private static Settlement claimed(
      Claimed claimed,
      JobState state,
      int attemptsMade,
      @Nullable Instant runAt,
      @Nullable String returnValue,
      @Nullable String failedReason,
      @Nullable Instant finishedAt) {
    return new Settlement(
        claimed.sequence(),
        claimed.token(),
        state,
        attemptsMade,
        runAt == null ? null : (Long) runAt.toEpochMilli(),
        returnValue,
        failedReason,
        finishedAt == null ? null : (Long) finishedAt.toEpochMilli());
  }

  boolean finished() {
    return finishedAt != null;
  }
}
