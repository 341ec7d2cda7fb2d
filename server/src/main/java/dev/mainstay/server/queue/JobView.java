package dev.mainstay.server.queue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.OnFailure;
import dev.mainstay.queue.Retention;
import dev.mainstay.server.platform.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job.
 *
 * @param attemptsMade attempts that have ended
 * @param stalledCount how often its worker let its lease end
 * @param runAt when it is due, while it is delayed
 * @param processedAt when the newest attempt began
 * @param processedBy the worker of the newest attempt
 * @param failedReason why the newest attempt that failed did
 * @param stackTraces of the newest failures, oldest first
 * @param schedulerId the job scheduler that has added it
 * @param parent the job that waits for this one, or did
 */
public record JobView(
    String id,
    String queue,
    String name,
    JobStateName state,
    JsonNode data,
    JobOptionsView opts,
    int attemptsMade,
    int stalledCount,
    Instant createdAt,
    @Nullable Instant runAt,
    @Nullable Instant processedAt,
    @Nullable Instant finishedAt,
    @Nullable String processedBy,
    @Nullable JsonNode progress,
    @Nullable JsonNode returnValue,
    @Nullable String failedReason,
    List<String> stackTraces,
    @Nullable String schedulerId,
    @Nullable JobRef parent) {

  /**
   * The options that hold for a job.
   *
   * @param delay in milliseconds
   * @param timeout in milliseconds
   */
  public record JobOptionsView(
      int priority,
      long delay,
      int attempts,
      BackoffView backoff,
      boolean lifo,
      @Nullable Long timeout,
      RetentionView removeOnComplete,
      RetentionView removeOnFail,
      int keepLogs,
      int stackTraceLimit,
      @Nullable GroupRef group,
      long units,
      @Nullable DeduplicationBody deduplication,
      @Nullable Boolean failParentOnFailure,
      @Nullable Boolean continueParentOnFailure,
      @Nullable Boolean ignoreDependencyOnFailure,
      @Nullable Boolean removeDependencyOnFailure) {

    static JobOptionsView of(JobOptions options) {
      return new JobOptionsView(
          options.priority(),
          options.delay().toMillis(),
          options.attempts(),
          BackoffView.of(options.backoff()),
          options.lifo(),
          options.timeout().map(Duration::toMillis).orElse(null),
          RetentionView.of(options.removeOnComplete()),
          RetentionView.of(options.removeOnFail()),
          options.keepLogs(),
          options.stackTraceLimit(),
          options.group().map(GroupRef::new).orElse(null),
          options.units(),
          options.deduplication().map(DeduplicationBody::of).orElse(null),
          is(options, OnFailure.FAIL_PARENT),
          is(options, OnFailure.CONTINUE_PARENT),
          is(options, OnFailure.IGNORE_DEPENDENCY),
          is(options, OnFailure.REMOVE_DEPENDENCY));
    }

    private static @Nullable Boolean is(JobOptions options, OnFailure value) {
      return options.onFailure() == value ? true : null;
    }
  }

  /** A job of a queue. */
  public record JobRef(String queue, String id) {}

  /** The group of a job. */
  public record GroupRef(String id) {}

  /**
   * The wait between two attempts.
   *
   * @param delay in milliseconds
   */
  public record BackoffView(String type, long delay, double jitter) {
    static BackoffView of(Backoff backoff) {
      return new BackoffView(backoff.type(), backoff.delay().toMillis(), backoff.jitter());
    }
  }

  /**
   * Which finished jobs are kept.
   *
   * @param age in seconds, with decimals if it is no whole number of them; absent for any
   * @param count absent for all
   */
  public record RetentionView(@Nullable BigDecimal age, @Nullable Integer count) {
    private static final int MILLIS = 3;

    static RetentionView of(Retention retention) {
      return new RetentionView(
          retention.age().map(RetentionView::seconds).orElse(null),
          retention.count() == Integer.MAX_VALUE ? null : retention.count());
    }

    private static BigDecimal seconds(Duration age) {
      BigDecimal seconds = BigDecimal.valueOf(age.toMillis(), MILLIS).stripTrailingZeros();
      return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
    }
  }

  /**
   * @param queue its name without the organization
   */
  public static JobView of(String queue, Job job) {
    return new JobView(
        job.id(),
        queue,
        job.name(),
        JobStateName.of(job.state()),
        json(job.data()),
        JobOptionsView.of(job.options()),
        job.attemptsMade(),
        job.stalledCount(),
        job.createdAt(),
        job.runAt().orElse(null),
        job.processedAt().orElse(null),
        job.finishedAt().orElse(null),
        job.processedBy().orElse(null),
        json(job.progress()),
        json(job.returnValue()),
        job.failedReason().map(QueueName::shownIn).orElse(null),
        job.stackTraces(),
        job.schedulerId().orElse(null),
        job.parent()
            .map(parent -> new JobRef(QueueName.shown(parent.queue()), parent.id()))
            .orElse(null));
  }

  private static @Nullable JsonNode json(Optional<String> text) {
    return text.map(JobView::json).orElse(null);
  }

  /** Workers of other programs may have stored what is no JSON; it is shown as the text it is. */
  static JsonNode json(String text) {
    return Json.tryRead(text).orElseGet(() -> Json.MAPPER.getNodeFactory().textNode(text));
  }
}
