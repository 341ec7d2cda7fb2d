package dev.mainstay.server.queue;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A queue.
 *
 * @param concurrency how many of its jobs may be active at once; absent if any number
 * @param rateLimit how many of them may start; absent if any number
 * @param unitLimit how many units they may use; absent if any number
 * @param groupLimits what each group may take that has no limits of its own
 */
public record QueueView(
    String name,
    boolean paused,
    @Nullable Integer concurrency,
    @Nullable RateLimitBody rateLimit,
    @Nullable RateLimitBody unitLimit,
    GroupLimitsBody groupLimits,
    JobCounts counts,
    Instant createdAt) {

  /** Jobs by state. */
  public record JobCounts(
      long waiting,
      @JsonProperty("waiting-children") long waitingChildren,
      long delayed,
      long active,
      long completed,
      long failed) {
    private static JobCounts of(Map<JobState, Long> counts) {
      return new JobCounts(
          counts.getOrDefault(JobState.WAITING, 0L),
          counts.getOrDefault(JobState.WAITING_CHILDREN, 0L),
          counts.getOrDefault(JobState.DELAYED, 0L),
          counts.getOrDefault(JobState.ACTIVE, 0L),
          counts.getOrDefault(JobState.COMPLETED, 0L),
          counts.getOrDefault(JobState.FAILED, 0L));
    }
  }

  static QueueView of(String name, Instant createdAt, TaskQueue queue) {
    OptionalInt concurrency = queue.concurrency();
    return new QueueView(
        name,
        queue.paused(),
        concurrency.isPresent() ? concurrency.getAsInt() : null,
        RateLimitBody.of(queue.rateLimit()),
        RateLimitBody.of(queue.unitLimit()),
        GroupLimitsBody.of(queue.groupLimits()),
        JobCounts.of(queue.counts()),
        createdAt);
  }
}
