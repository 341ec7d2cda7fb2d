package dev.mainstay.queue.redis;

import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.Schedule;
import dev.mainstay.queue.json.Json;
import dev.mainstay.queue.spi.StoredScheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A job scheduler as BullMQ stores it ({@code storeJobScheduler.lua}), and the options of its jobs.
 */
final class SchedulerHash {
  private SchedulerHash() {}

  /**
   * @param next when its newest job is due, or was
   * @throws IllegalArgumentException its pattern or its time zone is not one that we know
   */
  static StoredScheduler of(String id, Map<String, String> fields, long next) {
    Optional<Duration> every = millis(fields, "every").map(Duration::ofMillis);
    long offset = millis(fields, "offset").orElse(0L);
    boolean offsetFits = every.filter(value -> offset > 0 && offset < value.toMillis()).isPresent();
    Schedule schedule =
        new Schedule(
            every.isPresent() ? Optional.empty() : Optional.ofNullable(fields.get("pattern")),
            ZoneId.of(fields.getOrDefault("tz", "UTC")),
            every,
            Duration.ofMillis(offsetFits ? offset : 0),
            millis(fields, "startDate").map(Instant::ofEpochMilli),
            millis(fields, "endDate").map(Instant::ofEpochMilli),
            millis(fields, "limit")
                .map(limit -> OptionalInt.of(limit.intValue()))
                .orElse(OptionalInt.empty()),
            false);
    JobRequest template =
        new JobRequest(
            fields.getOrDefault("name", id),
            fields.getOrDefault("data", "{}"),
            Options.read(Json.readObject(fields.getOrDefault("opts", "{}"))).build());
    return new StoredScheduler(
        id,
        schedule,
        template,
        offset,
        millis(fields, "ic").orElse(1L).intValue(),
        OptionalLong.of(next));
  }

  private static Optional<Long> millis(Map<String, String> fields, String name) {
    return Optional.ofNullable(fields.get(name)).map(text -> (long) Double.parseDouble(text));
  }

  /** When jobs come, as BullMQ's {@code RepeatOptions}; without the offset. */
  static Map<String, Object> times(Schedule schedule) {
    Map<String, Object> times = new LinkedHashMap<>();
    schedule
        .pattern()
        .ifPresent(
            pattern -> {
              times.put("pattern", pattern);
              // Without it BullMQ takes the zone of the process that happens to look.
              times.put("tz", schedule.timeZone().getId());
            });
    schedule.every().ifPresent(every -> times.put("every", every.toMillis()));
    schedule.startAt().ifPresent(start -> times.put("startDate", start.toEpochMilli()));
    schedule.endAt().ifPresent(end -> times.put("endDate", end.toEpochMilli()));
    schedule.limit().ifPresent(limit -> times.put("limit", limit));
    return times;
  }

  /**
   * The options of a scheduler's job, by which a worker of BullMQ's adds the one after it.
   *
   * @param options of the template, or of the job before
   * @param count which of its jobs it is, from 1
   */
  static Map<String, @Nullable Object> jobOptions(
      Map<String, @Nullable Object> options,
      String id,
      Schedule schedule,
      long next,
      int count,
      Instant now) {
    Map<String, @Nullable Object> job = new LinkedHashMap<>(options);
    Map<String, Object> repeat = times(schedule);
    repeat.put("count", count);
    if (!schedule.offset().isZero()) {
      repeat.put("offset", schedule.offset().toMillis());
    }
    job.put("jobId", "repeat:%s:%d".formatted(id, next));
    job.put("delay", Math.max(0, next - now.toEpochMilli()));
    job.put("timestamp", now.toEpochMilli());
    job.put("prevMillis", next);
    job.put("repeatJobKey", id);
    job.put("repeat", repeat);
    return job;
  }
}
