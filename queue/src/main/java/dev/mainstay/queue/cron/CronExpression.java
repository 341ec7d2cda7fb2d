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
 * <p>{@code H}, {@code H/15}, {@code H(0-29)} and {@code H(0-29)/10} stand for numbers that the
 * seed decides, the package's {@code hashSeed}, so that not all schedulers fire at one time. The
 * package takes others at each reading if it has none; here the pattern is the seed then.
 */
public final class CronExpression {
  /** The longest pattern that is read. */
  public static final int MAX_LENGTH = 1024;

  private static final int FIELDS = 6;
  private static final List<String> MISSING = List.of("0", "*", "*", "*", "*", "*");

  private static final String EACH_MINUTE = "0 * * * * *";

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
   * @param pattern the empty one is each minute's, as the package has it
   * @throws IllegalArgumentException it is no pattern; the message names the field and the reason
   */
  public static CronExpression parse(String pattern) {
    return parse(pattern, pattern);
  }

  /**
   * @param seed decides what {@code H} stands for
   * @throws IllegalArgumentException it is no pattern; the message names the field and the reason
   */
  public static CronExpression parse(String pattern, String seed) {
    if (pattern.isEmpty()) {
      return parse(EACH_MINUTE, seed);
    }
    if (pattern.isBlank() || pattern.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "A cron pattern must have at most %d characters and not be blank".formatted(MAX_LENGTH));
    }
    String[] given = NAMED.getOrDefault(pattern, pattern).strip().split("\\s+");
    if (given.length > FIELDS) {
      throw new IllegalArgumentException(
          "A cron pattern has %d fields at most, not %d".formatted(FIELDS, given.length));
    }
    List<String> fields = new ArrayList<>(MISSING.subList(0, FIELDS - given.length));
    fields.addAll(List.of(given));
    CronHash hash = new CronHash(seed);
    String second = hash.resolve(CronField.SECOND, fields.get(0));
    String minute = hash.resolve(CronField.MINUTE, fields.get(1));
    String hour = hash.resolve(CronField.HOUR, fields.get(2));
    String month = hash.resolve(CronField.MONTH, fields.get(4));
    String dayOfMonth = hash.resolve(CronField.DAY_OF_MONTH, fields.get(3));
    String dayOfWeek = hash.resolve(CronField.DAY_OF_WEEK, fields.get(5));
    return new CronExpression(
        CronField.SECOND.numbers(second),
        CronField.MINUTE.numbers(minute),
        CronField.HOUR.numbers(hour),
        CronDays.parse(dayOfMonth, month, dayOfWeek));
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
    boolean cutOff = cutOffBefore(hour);
    while (hour.toLocalDate().equals(date)) {
      ZonedDateTime next = nextHour(hour);
      if (next.toInstant().isAfter(after)) {
        boolean walkedInto = after.isBefore(hour.toInstant());
        boolean again = hour.getHour() < left;
        boolean catchesUp = cutOff && walkedInto;
        if (catchesUp || fires(hour.getHour(), left, walkedInto, again)) {
          Optional<Instant> found = within(hour, next.toInstant(), after);
          if (found.isPresent()) {
            return found;
          }
        }
      }
      left = hour.getHour() + 1;
      cutOff = false;
      hour = next;
    }
    return Optional.empty();
  }

  /**
   * Whether the day before was to fire in its last hours, which clocks that were put forward have
   * left out; as cron-parser sees it, only if it fired in the hour before them too.
   */
  private boolean cutOffBefore(ZonedDateTime start) {
    ZonedDateTime before = start.minusSeconds(1);
    return !everyHour
        && before.getHour() < 23
        && hours.get(before.getHour())
        && hours.nextSetBit(before.getHour()) != hours.previousSetBit(23)
        && days.includes(before.toLocalDate());
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
