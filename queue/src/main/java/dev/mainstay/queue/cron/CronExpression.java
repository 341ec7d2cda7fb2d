package dev.mainstay.queue.cron;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cron pattern as the npm package cron-parser 5 reads it, with which BullMQ computes its times:
 * {@code [second] minute hour day-of-month month day-of-week}, lists, ranges and steps, names of
 * months and days, {@code L} (last day; {@code 5L}, last Friday), {@code 5#3} (third Friday), and
 * {@code @yearly @annually @monthly @weekly @daily @hourly @minutely @secondly @weekdays @weekends}.
 * Fields that are missing at the front count as second 0 and else as {@code *}.
 *
 * <p>When clocks change, a time in the hour that is left out fires in the hour that follows it, at
 * the same minute, and a time in the hour that comes twice fires once, the first time. Patterns
 * that name every hour fire by real time: not at all in the hour left out, in both of the repeated
 * ones.
 *
 * <p>The package's {@code H} is refused: without a seed it stands for another time at each reading.
 */
public final class CronExpression {
  /** The longest pattern that is read. */
  public static final int MAX_LENGTH = 1024;

  private static final int FIELDS = 6;
  private static final List<String> MISSING = List.of("0", "*", "*", "*", "*", "*");

  private static final Map<String, String> NAMED =
      Map.of(
          "@yearly", "0 0 0 1 1 *",
          "@annually", "0 0 0 1 1 *",
          "@monthly", "0 0 0 1 * *",
          "@weekly", "0 0 0 * * 0",
          "@daily", "0 0 0 * * *",
          "@hourly", "0 0 * * * *",
          "@minutely", "0 * * * * *",
          "@secondly", "* * * * * *",
          "@weekdays", "0 0 0 * * 1-5",
          "@weekends", "0 0 0 * * 0,6");

  /** 29 February on one day of the week comes every 28 years, or 40 over a century without one. */
  private static final int SEARCHED_YEARS = 41;

  private final BitSet seconds;
  private final BitSet minutes;
  private final BitSet hours;
  private final CronDays days;
  private final boolean everyHour;

  private CronExpression(BitSet seconds, BitSet minutes, BitSet hours, CronDays days) {
    this.seconds = seconds;
    this.minutes = minutes;
    this.hours = hours;
    this.days = days;
    this.everyHour = hours.cardinality() == 24;
  }

  /**
   * @throws IllegalArgumentException it is no pattern; the message names the field and the reason
   */
  public static CronExpression parse(String pattern) {
    if (pattern.isBlank() || pattern.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "A cron pattern must have 1 to %d characters and not be blank".formatted(MAX_LENGTH));
    }
    String[] given = NAMED.getOrDefault(pattern, pattern).strip().split("\\s+");
    if (given.length > FIELDS) {
      throw new IllegalArgumentException(
          "A cron pattern has %d fields at most, not %d".formatted(FIELDS, given.length));
    }
    List<String> fields = new ArrayList<>(MISSING.subList(0, FIELDS - given.length));
    fields.addAll(List.of(given));
    return new CronExpression(
        CronField.SECOND.numbers(fields.get(0)),
        CronField.MINUTE.numbers(fields.get(1)),
        CronField.HOUR.numbers(fields.get(2)),
        CronDays.parse(fields.get(3), fields.get(4), fields.get(5)));
  }

  /**
   * The first time after {@code after}, on a whole second.
   *
   * @return empty if there is none within some forty years
   */
  public Optional<Instant> next(Instant after, ZoneId zone) {
    LocalDate first = after.atZone(zone).toLocalDate();
    LocalDate end = first.plusYears(SEARCHED_YEARS);
    for (LocalDate date = first; date.isBefore(end); date = nextDay(date)) {
      if (days.includes(date)) {
        Optional<Instant> found = onDay(date, after, zone);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private LocalDate nextDay(LocalDate date) {
    LocalDate next = date.plusDays(1);
    while (!days.months().get(next.getMonthValue())) {
      next = next.plusMonths(1).withDayOfMonth(1);
    }
    return next;
  }

  private Optional<Instant> onDay(LocalDate date, Instant after, ZoneId zone) {
    int left = 0;
    ZonedDateTime hour = date.atStartOfDay(zone);
    while (hour.toLocalDate().equals(date)) {
      ZonedDateTime next = nextHour(hour);
      if (next.toInstant().isAfter(after)) {
        boolean walkedInto = after.isBefore(hour.toInstant());
        boolean again = hour.getHour() < left;
        if (fires(hour.getHour(), left, walkedInto, again)) {
          Optional<Instant> found = within(hour, next.toInstant(), after);
          if (found.isPresent()) {
            return found;
          }
        }
      }
      left = hour.getHour() + 1;
      hour = next;
    }
    return Optional.empty();
  }

  /**
   * @param left the hour that was to come, which is lower than {@code hour} if clocks were put
   *     forward
   * @param walkedInto whether the search began before this hour; else what it leaves out or repeats
   *     has been dealt with
   * @param again whether clocks were put back to this hour
   */
  private boolean fires(int hour, int left, boolean walkedInto, boolean again) {
    if (everyHour) {
      return true;
    }
    if (again && walkedInto) {
      return false;
    }
    if (hours.get(hour)) {
      return true;
    }
    int leftOut = hours.nextSetBit(left);
    return walkedInto && leftOut >= 0 && leftOut < hour;
  }

  /** The beginning of the hour on the clock that follows. */
  private static ZonedDateTime nextHour(ZonedDateTime hour) {
    ZonedDateTime next = hour.plusHours(1);
    ZonedDateTime whole = next.truncatedTo(ChronoUnit.HOURS);
    // Where clocks change by less than an hour, the whole hour may lie behind.
    return whole.isAfter(hour) ? whole : next;
  }

  private Optional<Instant> within(ZonedDateTime hour, Instant end, Instant after) {
    ZoneOffset offset = hour.getOffset();
    for (int minute = minutes.nextSetBit(0); minute >= 0; minute = minutes.nextSetBit(minute + 1)) {
      for (int second = seconds.nextSetBit(0);
          second >= 0;
          second = seconds.nextSetBit(second + 1)) {
        LocalTime time = LocalTime.of(hour.getHour(), minute, second);
        Instant instant = hour.toLocalDate().atTime(time).toInstant(offset);
        if (instant.isAfter(after)
            && !instant.isBefore(hour.toInstant())
            && instant.isBefore(end)) {
          return Optional.of(instant);
        }
      }
    }
    return Optional.empty();
  }
}
