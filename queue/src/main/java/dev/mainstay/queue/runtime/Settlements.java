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

  static Settlement of(Claimed claimed, Outcome outcome, Instant now) {
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
              Optional.of(now));
      case Outcome.Failed failed -> failed(claimed, failed, now);
      case Outcome.Delayed(Instant until) -> again(claimed, until, now);
      case Outcome.Released() -> again(claimed, now, now);
    };
  }

  private static Settlement failed(Claimed claimed, Outcome.Failed failed, Instant now) {
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
        last ? Optional.of(now) : Optional.empty());
  }

  /** The attempt does not count. */
  private static Settlement again(Claimed claimed, Instant until, Instant now) {
    Job job = claimed.job();
    boolean delayed = until.isAfter(now);
    return new Settlement(
        claimed,
        delayed ? JobState.DELAYED : JobState.WAITING,
        job.attemptsMade(),
        delayed ? Optional.of(until) : Optional.empty(),
        Optional.empty(),
        job.failedReason(),
        job.stackTraces(),
        Optional.empty());
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
