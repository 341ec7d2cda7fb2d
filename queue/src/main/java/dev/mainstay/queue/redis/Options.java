package dev.mainstay.queue.redis;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.OnFailure;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.json.Json;
import dev.mainstay.queue.json.OptionsJson;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of a job as BullMQ stores them. What differs from BullMQ's defaults is always
 * written: without {@code removeOnComplete}, {@code kl} and so on BullMQ keeps all.
 */
final class Options {
  private static final String BY_DEFAULT = "default";

  /** BullMQ's own default, of a job that says nothing. */
  private static final Retention UNASKED =
      new Retention(Retention.ALL.count(), Optional.empty(), true);

  private Options() {}

  static Map<String, @Nullable Object> write(JobOptions options) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("attempts", options.attempts());
    options.id().ifPresent(id -> map.put("jobId", id));
    if (options.priority() != 0) {
      map.put("priority", options.priority());
    }
    if (options.lifo()) {
      map.put("lifo", true);
    }
    if (!options.delay().isZero()) {
      map.put("delay", options.delay().toMillis());
    }
    if (!options.backoff().equals(Backoff.NONE)) {
      map.put("backoff", backoff(options.backoff()));
    }
    map.put("removeOnComplete", asked(options.removeOnComplete()));
    map.put("removeOnFail", asked(options.removeOnFail()));
    map.put("kl", options.keepLogs());
    map.put("stackTraceLimit", options.stackTraceLimit());
    options.timeout().ifPresent(timeout -> map.put("timeout", timeout.toMillis()));
    if (options.units() != 1) {
      map.put("units", options.units());
    }
    options.deduplication().ifPresent(value -> map.put("de", deduplication(value)));
    if (options.onFailure() != OnFailure.WAIT) {
      map.put(onFailure(options.onFailure()), true);
    }
    return map;
  }

  /** BullMQ's short name of an option, or the empty string. */
  static String onFailure(OnFailure value) {
    return switch (value) {
      case WAIT -> "";
      case FAIL_PARENT -> "fpof";
      case CONTINUE_PARENT -> "cpof";
      case IGNORE_DEPENDENCY -> "idof";
      case REMOVE_DEPENDENCY -> "rdof";
    };
  }

  private static Map<String, Object> backoff(Backoff backoff) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("type", backoff.type());
    map.put("delay", backoff.delay().toMillis());
    if (backoff.jitter() > 0) {
      map.put("jitter", backoff.jitter());
    }
    return map;
  }

  /**
   * As an option of a job. BullMQ's workers keep what it says; {@link #BY_DEFAULT}, which they do
   * not know, says to ours that the job has not asked for it.
   */
  private static Map<String, Object> asked(Retention retention) {
    Map<String, Object> map = kept(retention);
    if (retention.byDefault()) {
      map.put(BY_DEFAULT, true);
    }
    return map;
  }

  /** BullMQ's {@code KeepJobs}. */
  static Map<String, Object> kept(Retention retention) {
    Map<String, Object> map = new LinkedHashMap<>();
    retention.age().ifPresent(age -> map.put("age", seconds(age)));
    if (retention.count() != Integer.MAX_VALUE) {
      map.put("count", retention.count());
    } else if (retention.age().isEmpty()) {
      map.put("count", -1);
    }
    return map;
  }

  private static Object seconds(Duration age) {
    long millis = age.toMillis();
    return millis % 1000 == 0 ? (Object) (millis / 1000) : (Object) (millis / 1000.0);
  }

  private static Map<String, Object> deduplication(Deduplication value) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", value.id());
    value.ttl().ifPresent(ttl -> map.put("ttl", ttl.toMillis()));
    put(map, "extend", value.extend());
    put(map, "replace", value.replace());
    put(map, "keepLastIfActive", value.keepLastIfActive());
    put(map, "reschedule", value.reschedule());
    return map;
  }

  private static void put(Map<String, Object> map, String name, boolean value) {
    if (value) {
      map.put(name, true);
    }
  }

  /**
   * Reads what any client of BullMQ has written. Numbers that are out of our range are taken as the
   * nearest in it, and what is of another type as if it were absent.
   */
  static JobOptions.Builder read(Map<String, @Nullable Object> map) {
    JobOptions.Builder options = JobOptions.builder();
    options.attempts(
        (int) Math.clamp(number(map.get("attempts")).orElse(1.0), 1, Integer.MAX_VALUE));
    options.lifo(Boolean.TRUE.equals(map.get("lifo")));
    options.delay(delay(number(map.get("delay")).orElse(0.0)));
    options.backoff(readBackoff(map.get("backoff")));
    options.removeOnComplete(readKept(map.get("removeOnComplete")));
    options.removeOnFail(readKept(map.get("removeOnFail")));
    options.keepLogs(
        number(map.get("kl"))
            .map(lines -> (int) Math.clamp(lines, 0, JobOptions.MAX_KEEP_LOGS))
            .orElse(JobOptions.MAX_KEEP_LOGS));
    options.stackTraceLimit(
        number(map.get("stackTraceLimit"))
            .map(traces -> (int) Math.clamp(traces, 0, JobOptions.MAX_STACK_TRACE_LIMIT))
            .orElse(JobOptions.MAX_STACK_TRACE_LIMIT));
    number(map.get("timeout"))
        .filter(millis -> millis >= 1)
        .ifPresent(millis -> options.timeout(delay(millis)));
    number(map.get("units"))
        .ifPresent(units -> options.units((long) Math.clamp(units, 1, (double) RateLimit.MAX)));
    deduplication(map.get("de")).ifPresent(options::deduplication);
    for (OnFailure value : OnFailure.values()) {
      if (Boolean.TRUE.equals(map.get(onFailure(value)))) {
        options.onFailure(value);
      }
    }
    return options;
  }

  static int priority(long value) {
    return Math.clamp(value, 0, JobOptions.MAX_PRIORITY);
  }

  static Duration delay(double millis) {
    return Duration.ofMillis(
        (long) Math.clamp(millis, 0, (double) JobOptions.MAX_DELAY.toMillis()));
  }

  private static Backoff readBackoff(@Nullable Object value) {
    Optional<Double> fixed = number(value);
    if (fixed.isPresent()) {
      return Backoff.fixed(wait(fixed.get()));
    }
    if (!(value instanceof Map<?, ?> map) || !(map.get("type") instanceof String type)) {
      return Backoff.NONE;
    }
    try {
      return new Backoff(
          type,
          wait(number(map.get("delay")).orElse(0.0)),
          Math.clamp(number(map.get("jitter")).orElse(0.0), 0.0, 1.0));
    } catch (IllegalArgumentException e) {
      return Backoff.NONE;
    }
  }

  private static Duration wait(double millis) {
    return Duration.ofMillis((long) Math.clamp(millis, 0, (double) Backoff.MAX_WAIT.toMillis()));
  }

  private static Retention readKept(@Nullable Object value) {
    if (value instanceof Boolean remove) {
      return remove ? Retention.NONE : Retention.ALL;
    }
    if (value instanceof Number count) {
      return Retention.newest(count(count));
    }
    if (!(value instanceof Map<?, ?> map)) {
      return UNASKED;
    }
    if (Boolean.TRUE.equals(map.get(BY_DEFAULT))) {
      return Retention.DEFAULT;
    }
    Retention kept =
        map.get("count") instanceof Number count ? Retention.newest(count(count)) : Retention.ALL;
    return number(map.get("age")).map(age -> kept.upTo(delay(age * 1000))).orElse(kept);
  }

  /** A negative one keeps all. */
  private static int count(Number count) {
    return count.doubleValue() < 0
        ? Integer.MAX_VALUE
        : (int) Math.min(count.doubleValue(), Integer.MAX_VALUE);
  }

  private static Optional<Deduplication> deduplication(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return Optional.empty();
    }
    try {
      return Optional.of(OptionsJson.readDeduplication(Json.write(map)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Double> number(@Nullable Object value) {
    return value instanceof Number number && Double.isFinite(number.doubleValue())
        ? Optional.of(number.doubleValue())
        : Optional.empty();
  }
}
