package dev.mainstay.queue.json;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.OnFailure;
import dev.mainstay.queue.Retention;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of a job as BullMQ 6 stores them: {@code JobsOptions} in JSON, of which some names
 * are short ({@code de}, {@code kl}, {@code fpof}). Ours are beside them: {@code timeout}, {@code
 * group}, {@code units}. Times are milliseconds, the age of a retention seconds.
 */
public final class OptionsJson {
  private OptionsJson() {}

  public static String write(JobOptions options) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    options.id().ifPresent(id -> json.put("jobId", id));
    json.put("priority", options.priority());
    json.put("lifo", options.lifo());
    json.put("delay", options.delay().toMillis());
    json.put("attempts", options.attempts());
    Map<String, @Nullable Object> backoff = new LinkedHashMap<>();
    backoff.put("type", options.backoff().type());
    backoff.put("delay", options.backoff().delay().toMillis());
    backoff.put("jitter", options.backoff().jitter());
    json.put("backoff", backoff);
    if (!options.removeOnComplete().byDefault()) {
      json.put("removeOnComplete", retention(options.removeOnComplete()));
    }
    if (!options.removeOnFail().byDefault()) {
      json.put("removeOnFail", retention(options.removeOnFail()));
    }
    json.put("kl", options.keepLogs());
    json.put("stackTraceLimit", options.stackTraceLimit());
    options.timeout().ifPresent(timeout -> json.put("timeout", timeout.toMillis()));
    options.group().ifPresent(group -> json.put("group", Map.of("id", group)));
    json.put("units", options.units());
    options.deduplication().ifPresent(value -> json.put("de", deduplication(value)));
    switch (options.onFailure()) {
      case WAIT -> {}
      case FAIL_PARENT -> json.put("fpof", true);
      case CONTINUE_PARENT -> json.put("cpof", true);
      case IGNORE_DEPENDENCY -> json.put("idof", true);
      case REMOVE_DEPENDENCY -> json.put("rdof", true);
    }
    return Json.write(json);
  }

  private static Object retention(Retention retention) {
    if (retention.age().isEmpty()) {
      return retention.count() == Integer.MAX_VALUE ? false : retention.count();
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("age", retention.age().get().toMillis() / 1000.0);
    if (retention.count() != Integer.MAX_VALUE) {
      json.put("count", retention.count());
    }
    return json;
  }

  private static Map<String, Object> deduplication(Deduplication value) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", value.id());
    value.ttl().ifPresent(ttl -> json.put("ttl", ttl.toMillis()));
    json.put("extend", value.extend());
    json.put("replace", value.replace());
    json.put("keepLastIfActive", value.keepLastIfActive());
    json.put("reschedule", value.reschedule());
    return json;
  }

  /**
   * @throws IllegalArgumentException it is not such JSON, or a value is out of range
   */
  public static JobOptions read(String text) {
    Members json = new Members(Json.readObject(text));
    JobOptions.Builder options = JobOptions.builder();
    json.text("jobId").ifPresent(options::id);
    json.number("priority").ifPresent(value -> options.priority(value.intValue()));
    json.truth("lifo").ifPresent(options::lifo);
    json.millis("delay").ifPresent(options::delay);
    json.number("attempts").ifPresent(value -> options.attempts(value.intValue()));
    json.value("backoff").ifPresent(value -> options.backoff(backoff(value)));
    json.value("removeOnComplete").ifPresent(value -> options.removeOnComplete(kept(value)));
    json.value("removeOnFail").ifPresent(value -> options.removeOnFail(kept(value)));
    json.number("kl").ifPresent(value -> options.keepLogs(value.intValue()));
    json.number("stackTraceLimit").ifPresent(value -> options.stackTraceLimit(value.intValue()));
    json.millis("timeout").ifPresent(options::timeout);
    json.members("group").flatMap(group -> group.text("id")).ifPresent(options::group);
    json.number("units").ifPresent(value -> options.units(value.longValue()));
    json.members("de").ifPresent(value -> options.deduplication(deduplication(value)));
    options.onFailure(onFailure(json));
    return options.build();
  }

  /** The first that is set, in the order in which BullMQ looks. */
  private static OnFailure onFailure(Members json) {
    if (json.truth("fpof").orElse(false)) {
      return OnFailure.FAIL_PARENT;
    }
    if (json.truth("cpof").orElse(false)) {
      return OnFailure.CONTINUE_PARENT;
    }
    if (json.truth("idof").orElse(false)) {
      return OnFailure.IGNORE_DEPENDENCY;
    }
    return json.truth("rdof").orElse(false) ? OnFailure.REMOVE_DEPENDENCY : OnFailure.WAIT;
  }

  public static String writeDeduplication(Deduplication value) {
    return Json.write(deduplication(value));
  }

  /**
   * @throws IllegalArgumentException it is not such JSON, or a value is out of range
   */
  public static Deduplication readDeduplication(String text) {
    return deduplication(new Members(Json.readObject(text)));
  }

  private static Backoff backoff(Object value) {
    if (value instanceof Number number) {
      return Backoff.fixed(Duration.ofMillis(number.longValue()));
    }
    Members json = Members.of(value);
    return new Backoff(
        json.text("type").orElse(Backoff.FIXED),
        json.millis("delay").orElse(Duration.ZERO),
        json.number("jitter").map(Number::doubleValue).orElse(0.0));
  }

  private static Retention kept(Object value) {
    if (value instanceof Boolean remove) {
      return remove ? Retention.NONE : Retention.ALL;
    }
    if (value instanceof Number count) {
      return Retention.newest(count.intValue());
    }
    Members json = Members.of(value);
    Retention kept =
        json.number("count").map(count -> Retention.newest(count.intValue())).orElse(Retention.ALL);
    return json.number("age")
        .map(age -> kept.upTo(Duration.ofMillis(Math.round(age.doubleValue() * 1000))))
        .orElse(kept);
  }

  private static Deduplication deduplication(Members json) {
    return new Deduplication(
        json.text("id").orElse(""),
        json.millis("ttl"),
        json.truth("extend").orElse(false),
        json.truth("replace").orElse(false),
        json.truth("keepLastIfActive").orElse(false),
        json.truth("reschedule").orElse(false));
  }

  /** The members of an object by type; one of another type is as if it were absent. */
  private record Members(Map<String, @Nullable Object> json) {

    @SuppressWarnings("unchecked") // the keys that the reader makes are strings
    static Members of(Object value) {
      if (value instanceof Map<?, ?> object) {
        return new Members((Map<String, @Nullable Object>) object);
      }
      throw new IllegalArgumentException("It is not a JSON object");
    }

    Optional<Object> value(String name) {
      return Optional.ofNullable(json.get(name));
    }

    Optional<String> text(String name) {
      return value(name).filter(String.class::isInstance).map(String.class::cast);
    }

    Optional<Number> number(String name) {
      return value(name).filter(Number.class::isInstance).map(Number.class::cast);
    }

    Optional<Boolean> truth(String name) {
      return value(name).filter(Boolean.class::isInstance).map(Boolean.class::cast);
    }

    Optional<Duration> millis(String name) {
      return number(name).map(millis -> Duration.ofMillis(millis.longValue()));
    }

    Optional<Members> members(String name) {
      return value(name).filter(Map.class::isInstance).map(Members::of);
    }
  }
}
