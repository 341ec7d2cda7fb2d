package dev.mainstay.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job as it is stored.
 *
 * @param data JSON text
 * @param attemptsMade attempts that have ended, in success or failure
 * @param stalledCount how often its lease ran out under a worker
 * @param runAt when it is due, while it is delayed
 * @param processedAt when the newest attempt began
 * @param processedBy the worker of the newest attempt
 * @param progress JSON text, as the handler has reported it
 * @param returnValue JSON text
 * @param failedReason why the newest attempt that failed did
 * @param stackTraces of the newest failures, oldest first, at most {@link
 *     JobOptions#stackTraceLimit}
 * @param schedulerId the job scheduler that has added it
 * @param parent the job that waits for this one, or did
 */
public record Job(
    String id,
    String name,
    String data,
    JobOptions options,
    JobState state,
    int attemptsMade,
    int stalledCount,
    Instant createdAt,
    Optional<Instant> runAt,
    Optional<Instant> processedAt,
    Optional<Instant> finishedAt,
    Optional<String> processedBy,
    Optional<String> progress,
    Optional<String> returnValue,
    Optional<String> failedReason,
    List<String> stackTraces,
    Optional<String> schedulerId,
    Optional<JobKey> parent) {

  /** A job as it is when it has just been added. */
  public static Job added(JobRequest request, String id, Instant now) {
    Duration delay = Duration.ofMillis(request.options().delay().toMillis());
    Instant createdAt = Instant.ofEpochMilli(now.toEpochMilli());
    return new Job(
        id,
        request.name(),
        request.data(),
        request.options().toBuilder().id(id).delay(delay).build(),
        delay.isZero() ? JobState.WAITING : JobState.DELAYED,
        0,
        0,
        createdAt,
        delay.isZero() ? Optional.empty() : Optional.of(createdAt.plus(delay)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same, added by a job scheduler. */
  public Job ofScheduler(String scheduler) {
    return with(state, runAt, Optional.of(scheduler), parent);
  }

  /** The same as a child of another job. */
  public Job childOf(JobKey other) {
    return with(state, runAt, schedulerId, Optional.of(other));
  }

  /** The same with children of its own, for which it waits first. */
  public Job withChildren() {
    return with(JobState.WAITING_CHILDREN, Optional.empty(), schedulerId, parent);
  }

  /** The same with other options. */
  public Job with(JobOptions newOptions) {
    return new Job(
        id,
        name,
        data,
        newOptions,
        state,
        attemptsMade,
        stalledCount,
        createdAt,
        runAt,
        processedAt,
        finishedAt,
        processedBy,
        progress,
        returnValue,
        failedReason,
        stackTraces,
        schedulerId,
        parent);
  }

  private Job with(
      JobState newState,
      Optional<Instant> newRunAt,
      Optional<String> newSchedulerId,
      Optional<JobKey> newParent) {
    return new Job(
        id,
        name,
        data,
        options,
        newState,
        attemptsMade,
        stalledCount,
        createdAt,
        newRunAt,
        processedAt,
        finishedAt,
        processedBy,
        progress,
        returnValue,
        failedReason,
        stackTraces,
        newSchedulerId,
        newParent);
  }
}
