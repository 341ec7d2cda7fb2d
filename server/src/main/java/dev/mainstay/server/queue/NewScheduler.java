package dev.mainstay.server.queue;

import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.Schedule;
import dev.mainstay.queue.cron.CronExpression;
import dev.mainstay.server.platform.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A job scheduler, as BullMQ's {@code upsertJobScheduler} takes it: a pattern or an interval.
 *
 * @param pattern a cron pattern, as cron-parser 5 reads it; seconds may be given
 * @param tz the time zone of the pattern; UTC if absent
 * @param every the interval, in milliseconds
 * @param offset milliseconds after the whole multiples of the interval
 * @param startDate no job is due before
 * @param endDate no job is due after
 * @param limit how many jobs are added in all
 * @param immediately true if the first job of a pattern is due at once
 * @param template what its jobs are, without a jobId, a delay or deduplication
 */
record NewScheduler(
    @Nullable @Size(min = 1, max = CronExpression.MAX_LENGTH) String pattern,
    @Nullable @Size(min = 1, max = 100) String tz,
    @Nullable @Min(1) @Max(NewJobOptions.MAX_MILLIS) Long every,
    @Nullable @Min(0) @Max(NewJobOptions.MAX_MILLIS) Long offset,
    @Nullable Instant startDate,
    @Nullable Instant endDate,
    @Nullable @Min(1) Integer limit,
    @Nullable Boolean immediately,
    @NotNull @Valid NewJob template) {

  /**
   * @throws ProblemException 400
   */
  Schedule schedule() {
    if ((pattern == null) == (every == null)) {
      throw Fields.wrong("pattern", "must be given, or every, and not both");
    }
    if (pattern != null) {
      Fields.checked("pattern", () -> CronExpression.parse(pattern));
    }
    if (every != null && offset != null && offset >= every) {
      throw Fields.wrong("offset", "must be less than every");
    }
    if (every == null && offset != null) {
      throw Fields.wrong("offset", "must not be given with a pattern");
    }
    ZoneId zone = zone();
    return Fields.checked(
        "startDate",
        () ->
            new Schedule(
                Optional.ofNullable(pattern),
                zone,
                Optional.ofNullable(every).map(Duration::ofMillis),
                Duration.ofMillis(Objects.requireNonNullElse(offset, 0L)),
                Optional.ofNullable(startDate),
                Optional.ofNullable(endDate),
                limit == null ? OptionalInt.empty() : OptionalInt.of(limit),
                Boolean.TRUE.equals(immediately)));
  }

  private ZoneId zone() {
    if (tz == null) {
      return ZoneId.of("UTC");
    }
    try {
      return ZoneId.of(tz);
    } catch (DateTimeException e) {
      throw Fields.wrong("tz", "is not a time zone of the IANA database");
    }
  }

  /**
   * @throws ProblemException 400
   */
  JobRequest request() {
    return template.request("template.");
  }
}
