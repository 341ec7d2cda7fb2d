package dev.mainstay.queue;

import dev.mainstay.queue.cron.CronExpression;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * When a job scheduler adds its jobs, as BullMQ's {@code RepeatOptions}: either by a cron pattern
 * or each time an interval has passed.
 *
 * @param pattern as {@link CronExpression} reads it, not blank; the scheduler's id decides what its
 *     {@code H} stands for
 * @param timeZone of the pattern
 * @param every the interval, 1 millisecond to {@link JobOptions#MAX_DELAY}; without an offset it
 *     counts from the first job, which is due at once
 * @param offset the jobs are due so long after the whole multiples of the interval since the epoch,
 *     less than the interval
 * @param startAt no job is due before
 * @param endAt no job is due after
 * @param limit how many jobs are added in all, at least 1
 * @param immediately the first job is due at once, whatever the pattern
 */
public record Schedule(
    Optional<String> pattern,
    ZoneId timeZone,
    Optional<Duration> every,
    Duration offset,
    Optional<Instant> startAt,
    Optional<Instant> endAt,
    OptionalInt limit,
    boolean immediately) {
  private static final ZoneId UTC = ZoneId.of("UTC");

  /**
   * @throws IllegalArgumentException a value is out of range, or they exclude each other
   */
  public Schedule {
    if (pattern.isPresent() == every.isPresent()) {
      throw new IllegalArgumentException("A schedule has either a pattern or an interval");
    }
    pattern.ifPresent(
        value -> {
          if (value.isBlank()) {
            throw new IllegalArgumentException("The pattern of a schedule is blank");
          }
          CronExpression unused = CronExpression.parse(value);
        });
    every.ifPresent(
        value -> Limits.range("every", value, Duration.ofMillis(1), JobOptions.MAX_DELAY));
    Duration most = every.map(value -> value.minusMillis(1)).orElse(Duration.ZERO);
    Limits.range("offset", offset, Duration.ZERO, most);
    limit.ifPresent(value -> Limits.range("limit", value, 1, Integer.MAX_VALUE));
    if (immediately && startAt.isPresent()) {
      throw new IllegalArgumentException("A schedule that begins at once has no start");
    }
    if (startAt.isPresent() && endAt.isPresent() && endAt.get().isBefore(startAt.get())) {
      throw new IllegalArgumentException("The end of the schedule is before its start");
    }
  }

  /** By a pattern, in UTC. */
  public static Schedule cron(String pattern) {
    return new Schedule(
        Optional.of(pattern),
        UTC,
        Optional.empty(),
        Duration.ZERO,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        false);
  }

  public static Schedule every(Duration interval) {
    return new Schedule(
        Optional.empty(),
        UTC,
        Optional.of(interval),
        Duration.ZERO,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        false);
  }

  public Schedule in(ZoneId value) {
    return new Schedule(pattern, value, every, offset, startAt, endAt, limit, immediately);
  }

  public Schedule withOffset(Duration value) {
    return new Schedule(pattern, timeZone, every, value, startAt, endAt, limit, immediately);
  }

  public Schedule startingAt(Instant value) {
    return new Schedule(
        pattern, timeZone, every, offset, Optional.of(value), endAt, limit, immediately);
  }

  public Schedule endingAt(Instant value) {
    return new Schedule(
        pattern, timeZone, every, offset, startAt, Optional.of(value), limit, immediately);
  }

  public Schedule withLimit(int value) {
    return new Schedule(
        pattern, timeZone, every, offset, startAt, endAt, OptionalInt.of(value), immediately);
  }

  public Schedule atOnce() {
    return new Schedule(pattern, timeZone, every, offset, startAt, endAt, limit, true);
  }
}
