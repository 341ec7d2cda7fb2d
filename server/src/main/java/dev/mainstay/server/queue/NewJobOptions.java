package dev.mainstay.server.queue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.OnFailure;
import dev.mainstay.queue.Priority;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.Retention;
import dev.mainstay.server.platform.JsonSchema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a job is to be run: BullMQ's {@code JobsOptions}, the priorities by name, and a time-out.
 *
 * @param jobId adding an id that is there gives the job that is there
 * @param priority 0, which is taken first, to 2097151; {@code P0} to {@code P3} are 0 to 3
 * @param delay milliseconds until it is due
 * @param attempts how often it may be tried in all
 * @param backoff the wait between two attempts, in milliseconds, or an object
 * @param lifo true if it is taken before the others of its priority that wait
 * @param timeout milliseconds for one attempt
 * @param removeOnComplete true to remove the job as it completes, false to keep all, the number to
 *     keep, or an object; the newest 1,000 if absent
 * @param removeOnFail the same, for jobs that fail
 * @param keepLogs lines of log to keep, the newest
 * @param stackTraceLimit stack traces to keep, the newest
 * @param group jobs are taken from each group in turn, for example from each tenant's
 * @param units what the job is expected to use of the queue's unit limit; 1 if absent
 * @param deduplication keeps it from being added while another job has the same deduplication id
 * @param failParentOnFailure true if its parent fails with it
 * @param continueParentOnFailure true if its parent no longer waits for any child once it has
 *     failed
 * @param ignoreDependencyOnFailure true if its parent no longer waits for it once it has failed
 * @param removeDependencyOnFailure the same, but its parent is not told of the failure
 */
record NewJobOptions(
    @Nullable @Pattern(regexp = ID_FORM, message = ID_RULE) String jobId,
    @Nullable @JsonSchema(PRIORITY) JsonNode priority,
    @Nullable @Min(0) @Max(MAX_MILLIS) Long delay,
    @Nullable @Min(1) Integer attempts,
    @Nullable @JsonSchema(BACKOFF) JsonNode backoff,
    @Nullable Boolean lifo,
    @Nullable @Min(1) @Max(MAX_MILLIS) Long timeout,
    @Nullable @JsonSchema(RETENTION) JsonNode removeOnComplete,
    @Nullable @JsonSchema(RETENTION) JsonNode removeOnFail,
    @Nullable @Min(0) @Max(JobOptions.MAX_KEEP_LOGS) Integer keepLogs,
    @Nullable @Min(0) @Max(JobOptions.MAX_STACK_TRACE_LIMIT) Integer stackTraceLimit,
    @Nullable @Valid Group group,
    @Nullable @Min(1) @Max(RateLimit.MAX) Long units,
    @Nullable @Valid DeduplicationBody deduplication,
    @Nullable Boolean failParentOnFailure,
    @Nullable Boolean continueParentOnFailure,
    @Nullable Boolean ignoreDependencyOnFailure,
    @Nullable Boolean removeDependencyOnFailure) {

  /** The group of a job, as BullMQ Pro names it. */
  record Group(@NotNull @Pattern(regexp = ID_FORM, message = ID_RULE) String id) {}

  /** An id is part of paths, where a slash, {@code .} and {@code ..} mean something else. */
  static final String ID_FORM = "(?!\\.{1,2}$)[\\w:@.-]{1," + JobRequest.MAX_NAME_LENGTH + "}";

  static final String ID_RULE =
      "must have 1 to "
          + JobRequest.MAX_NAME_LENGTH
          + " letters, digits, and the signs _ : @ . -, and be neither . nor ..";

  static final long MAX_MILLIS = 3650L * 24 * 60 * 60 * 1000;

  static final String PRIORITY =
      """
      {"oneOf": [{"type": "integer", "minimum": 0, "maximum": 2097151},
                 {"type": "string", "enum": ["P0", "P1", "P2", "P3"]}]}""";

  static final String BACKOFF =
      """
      {"oneOf": [{"type": "integer", "minimum": 0},
                 {"type": "object", "required": ["type"], "additionalProperties": false, "properties": {
                   "type": {"type": "string", "description": "fixed, exponential or a name that the worker knows"},
                   "delay": {"type": "integer", "minimum": 0, "description": "milliseconds"},
                   "jitter": {"type": "number", "minimum": 0, "maximum": 1}}}]}""";

  static final String RETENTION =
      """
      {"oneOf": [{"type": "boolean"},
                 {"type": "integer", "minimum": 0},
                 {"type": "object", "additionalProperties": false, "properties": {
                   "age": {"type": "number", "minimum": 0, "description": "seconds"},
                   "count": {"type": "integer", "minimum": 0}}}]}""";

  /**
   * @param path where these options stand in the body, for errors
   */
  JobOptions options(String path) {
    JobOptions.Builder options = JobOptions.builder();
    if (jobId != null) {
      options.id(jobId);
    }
    if (priority != null) {
      options.priority(priority(path + "priority", priority));
    }
    if (delay != null) {
      options.delay(Duration.ofMillis(delay));
    }
    if (attempts != null) {
      options.attempts(attempts);
    }
    if (backoff != null) {
      options.backoff(backoff(path + "backoff", backoff));
    }
    if (lifo != null) {
      options.lifo(lifo);
    }
    if (timeout != null) {
      options.timeout(Duration.ofMillis(timeout));
    }
    if (removeOnComplete != null) {
      options.removeOnComplete(retention(path + "removeOnComplete", removeOnComplete));
    }
    if (removeOnFail != null) {
      options.removeOnFail(retention(path + "removeOnFail", removeOnFail));
    }
    if (keepLogs != null) {
      options.keepLogs(keepLogs);
    }
    if (stackTraceLimit != null) {
      options.stackTraceLimit(stackTraceLimit);
    }
    if (group != null) {
      options.group(group.id());
    }
    if (units != null) {
      options.units(units);
    }
    if (deduplication != null) {
      options.deduplication(deduplication.deduplication());
    }
    options.onFailure(onFailure(path));
    return Fields.checked(path + "jobId", options::build);
  }

  private OnFailure onFailure(String path) {
    Map<OnFailure, Boolean> given = new EnumMap<>(OnFailure.class);
    given.put(OnFailure.FAIL_PARENT, Boolean.TRUE.equals(failParentOnFailure));
    given.put(OnFailure.CONTINUE_PARENT, Boolean.TRUE.equals(continueParentOnFailure));
    given.put(OnFailure.IGNORE_DEPENDENCY, Boolean.TRUE.equals(ignoreDependencyOnFailure));
    given.put(OnFailure.REMOVE_DEPENDENCY, Boolean.TRUE.equals(removeDependencyOnFailure));
    given.values().removeIf(value -> !value);
    if (given.size() > 1) {
      throw Fields.wrong(
          path + "failParentOnFailure", "must not be true with another option of its kind");
    }
    return given.keySet().stream().findFirst().orElse(OnFailure.WAIT);
  }

  private static int priority(String field, JsonNode value) {
    if (value.isTextual()) {
      return Arrays.stream(Priority.values())
          .filter(priority -> priority.name().equals(value.textValue()))
          .findFirst()
          .orElseThrow(() -> Fields.wrong(field, "must be a number or one of P0, P1, P2, P3"))
          .number();
    }
    return (int) whole(field, value, JobOptions.MAX_PRIORITY);
  }

  private static Backoff backoff(String field, JsonNode value) {
    long most = Backoff.MAX_WAIT.toMillis();
    if (!value.isObject()) {
      return Backoff.fixed(Duration.ofMillis(whole(field, value, most)));
    }
    known(field, value, Set.of("type", "delay", "jitter"));
    JsonNode type = value.path("type");
    JsonNode delay = value.path("delay");
    JsonNode jitter = value.path("jitter");
    if (!type.isTextual()) {
      throw Fields.wrong(field + ".type", "must be a string");
    }
    if (!type.textValue().matches(NewJob.NO_CONTROLS)) {
      throw Fields.wrong(field + ".type", NewJob.CONTROLS);
    }
    if (!jitter.isMissingNode() && !jitter.isNumber()) {
      throw Fields.wrong(field + ".jitter", "must be a number from 0 to 1");
    }
    Duration wait =
        Duration.ofMillis(delay.isMissingNode() ? 0 : whole(field + ".delay", delay, most));
    return Fields.checked(field, () -> new Backoff(type.textValue(), wait, jitter.asDouble(0)));
  }

  private static Retention retention(String field, JsonNode value) {
    if (value.isBoolean()) {
      return value.booleanValue() ? Retention.NONE : Retention.ALL;
    }
    if (!value.isObject()) {
      return Retention.newest((int) whole(field, value, Integer.MAX_VALUE));
    }
    known(field, value, Set.of("age", "count"));
    JsonNode count = value.path("count");
    JsonNode age = value.path("age");
    Retention kept =
        count.isMissingNode()
            ? Retention.ALL
            : Retention.newest((int) whole(field + ".count", count, Integer.MAX_VALUE));
    return age.isMissingNode() ? kept : kept.upTo(seconds(field + ".age", age));
  }

  private static Duration seconds(String field, JsonNode value) {
    double seconds = value.doubleValue();
    if (!value.isNumber() || !(seconds >= 0) || seconds > MAX_MILLIS / 1000.0) {
      throw Fields.wrong(field, "must be a number from 0 to " + MAX_MILLIS / 1000);
    }
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  private static long whole(String field, JsonNode value, long most) {
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < 0
        || value.longValue() > most) {
      throw Fields.wrong(field, "must be a whole number from 0 to " + most);
    }
    return value.longValue();
  }

  private static void known(String field, JsonNode object, Set<String> names) {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!names.contains(name)) {
                throw Fields.wrong(field + "." + name, "is not known");
              }
            });
  }
}
