package dev.mainstay.queue.redis;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job as BullMQ stores it ({@code job.js}, {@code storeJob.lua}), whoever has added it: what is
 * odd in it does not keep it from being read.
 */
record JobHash(String id, Map<String, String> fields) {

  /** Of the scores of delayed jobs, whose lower bits order the jobs of one millisecond. */
  private static final double SCORES_PER_MILLI = 0x1000;

  /** What JSON calls nothing; BullMQ stores it for a job that has returned nothing. */
  private static final String NULL = "null";

  /** BullMQ's name of a state; empty for one that is not there, or in no list. */
  static Optional<JobState> state(String name) {
    return switch (name) {
      case "waiting", "prioritized", "paused" -> Optional.of(JobState.WAITING);
      case "waiting-children" -> Optional.of(JobState.WAITING_CHILDREN);
      case "delayed" -> Optional.of(JobState.DELAYED);
      case "active" -> Optional.of(JobState.ACTIVE);
      case "completed" -> Optional.of(JobState.COMPLETED);
      case "failed" -> Optional.of(JobState.FAILED);
      default -> Optional.empty();
    };
  }

  /**
   * @param score in the sorted set of delayed jobs, or empty
   * @param options of the queues among which a parent is known
   */
  Job job(JobState state, String score, RedisOptions options) {
    boolean delayed = state == JobState.DELAYED && !score.isEmpty();
    return new Job(
        id,
        text("name").orElse(""),
        text("data").orElse("{}"),
        options(state),
        state,
        (int) number("atm"),
        (int) number("stc"),
        Instant.ofEpochMilli(number("timestamp")),
        delayed ? Optional.of(dueAt(score)) : Optional.empty(),
        time("processedOn"),
        state.finished() ? time("finishedOn") : Optional.empty(),
        text("pb"),
        text("progress"),
        text("returnvalue").filter(value -> !value.equals(NULL)),
        // An attempt that failed before the one that completed is in the events.
        state == JobState.COMPLETED
            ? Optional.empty()
            : text("failedReason").map(reason -> Keys.told(options, reason)),
        stackTraces(),
        text("rjk"),
        text("parentKey").flatMap(key -> Keys.job(options, key)));
  }

  static Instant dueAt(String score) {
    return Instant.ofEpochMilli((long) Math.floor(Double.parseDouble(score) / SCORES_PER_MILLI));
  }

  private JobOptions options(JobState state) {
    JobOptions.Builder options =
        Options.read(rawOptions()).id(id).priority(Options.priority(number("priority")));
    // While a job waits for its first attempt, its delay may have been changed.
    if (state == JobState.DELAYED && number("ats") == 0) {
      options.delay(Options.delay((double) number("delay")));
    }
    return options.build();
  }

  /** The options as they are stored; none if they are not JSON. */
  Map<String, @Nullable Object> rawOptions() {
    try {
      return Json.readObject(text("opts").orElse("{}"));
    } catch (IllegalArgumentException e) {
      return Map.of();
    }
  }

  /** Why it is to fail without being run; set when its workers were lost too often. */
  Optional<String> deferredFailure() {
    return text("defa");
  }

  Optional<String> schedulerId() {
    return text("rjk");
  }

  private List<String> stackTraces() {
    try {
      return Json.readStrings(fields.get("stacktrace"));
    } catch (IllegalArgumentException | ClassCastException e) {
      return List.of();
    }
  }

  private Optional<String> text(String field) {
    return Optional.ofNullable(fields.get(field));
  }

  private Optional<Instant> time(String field) {
    long millis = number(field);
    return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  private long number(String field) {
    try {
      return (long) Double.parseDouble(text(field).orElse("0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
