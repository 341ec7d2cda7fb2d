package dev.mainstay.queue.runtime;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From the end of an attempt to the state of its job. */
final class Settlements {
  private Settlements() {}

  /**
   * @param hasChildren true if the job has children
   */
  static Settlement of(Claimed claimed, Outcome outcome, boolean hasChildren, Instant now) {
    Job job = claimed.job();
    return switch (outcome) {
      case Outcome.Completed(String value) ->
          new Settlement(
              claimed,
              JobState.COMPLETED,
              job.attemptsMade() + 1,
              Optional.empty(),
              value.isEmpty() ? Optional.empty() : Optional.of(value),
              Optional.empty(),
              job.stackTraces(),
              Optional.of(now),
              hasChildren);
      case Outcome.Failed failed -> failed(claimed, failed, hasChildren, now);
      case Outcome.Delayed(Instant until) ->
          until.isAfter(now)
              ? again(claimed, JobState.DELAYED, Optional.of(until), hasChildren)
              : again(claimed, JobState.WAITING, Optional.empty(), hasChildren);
      case Outcome.WaitingChildren() ->
          again(claimed, JobState.WAITING_CHILDREN, Optional.empty(), hasChildren);
      case Outcome.Released() -> again(claimed, JobState.WAITING, Optional.empty(), hasChildren);
    };
  }

  private static Settlement failed(
      Claimed claimed, Outcome.Failed failed, boolean hasChildren, Instant now) {
    Job job = claimed.job();
    int made = job.attemptsMade() + 1;
    boolean last = failed.retryAfter().isEmpty() || made >= job.options().attempts();
    Duration wait = failed.retryAfter().orElse(Duration.ZERO);
    return new Settlement(
        claimed,
        last ? JobState.FAILED : wait.isZero() ? JobState.WAITING : JobState.DELAYED,
        made,
        last || wait.isZero() ? Optional.empty() : Optional.of(now.plus(wait)),
        Optional.empty(),
        Optional.of(failed.reason()),
        stackTraces(job, failed.stackTrace()),
        last ? Optional.of(now) : Optional.empty(),
        hasChildren);
  }

  /** The attempt does not count. */
  private static Settlement again(
      Claimed claimed, JobState state, Optional<Instant> runAt, boolean hasChildren) {
    Job job = claimed.job();
    return new Settlement(
        claimed,
        state,
        job.attemptsMade(),
        runAt,
        Optional.empty(),
        job.failedReason(),
        job.stackTraces(),
        Optional.empty(),
        hasChildren);
  }

  private static List<String> stackTraces(Job job, String newest) {
    if (newest.isEmpty()) {
      return job.stackTraces();
    }
    List<String> all = new ArrayList<>(job.stackTraces());
    all.add(newest);
    int limit = job.options().stackTraceLimit();
    return List.copyOf(all.subList(Math.max(0, all.size() - limit), all.size()));
  }
}
