package dev.mainstay.queue.cron;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * The days on which a pattern fires. If both the day of the month and the day of the week are
 * restricted, either is enough; a field is not restricted if it is exactly {@code *} or {@code ?}.
 *
 * @param dayOfMonth empty if the month's last day ({@code L}) is its only value
 * @param lastDay {@code L} in the day of the month
 * @param dayOfWeek days from 0, Sunday, to 6
 * @param lastDaysOfWeek those of which only the last of a month counts ({@code 5L})
 * @param nth which of a month's such days of the week counts ({@code 5#3}), or 0 for all
 */
record CronDays(
    BitSet months,
    BitSet dayOfMonth,
    boolean lastDay,
    boolean anyDayOfMonth,
    BitSet dayOfWeek,
    BitSet lastDaysOfWeek,
    boolean anyDayOfWeek,
    int nth) {
  private static final int LEAP_YEAR = 2024;

  static CronDays parse(String dayOfMonth, String month, String dayOfWeek) {
    BitSet months = CronField.MONTH.numbers(month);
    List<String> days = List.of(dayOfMonth.split(",", -1));
    boolean lastDay = days.contains("L");
    if (days.indexOf("L") != days.lastIndexOf("L")) {
      throw CronField.DAY_OF_MONTH.wrong("'L' repeats a value of the list");
    }
    String numbered = days.stream().filter(day -> !day.equals("L")).collect(joined());
    BitSet numbers =
        numbered.isEmpty() && lastDay ? new BitSet() : CronField.DAY_OF_MONTH.numbers(numbered);

    String[] nth = dayOfWeek.split("#", -1);
    if (nth.length > 2 || (nth.length == 2 && nth[0].matches(".*[,/L-].*"))) {
      throw CronField.DAY_OF_WEEK.wrong("'#' takes one day and one number, such as 5#3");
    }
    List<String> weekdays = Arrays.asList(nth[0].split(",", -1));
    BitSet last = new BitSet();
    weekdays.stream()
        .filter(day -> day.endsWith("L"))
        .map(day -> day.substring(0, day.length() - 1))
        .forEach(day -> addLast(last, day));
    String plain = weekdays.stream().filter(day -> !day.endsWith("L")).collect(joined());
    CronDays parsed =
        new CronDays(
            months,
            numbers,
            lastDay,
            unrestricted(dayOfMonth),
            plain.isEmpty() && !last.isEmpty()
                ? new BitSet()
                : CronField.DAY_OF_WEEK.numbers(plain),
            last,
            unrestricted(dayOfWeek),
            nth.length == 2 ? CronField.DAY_OF_WEEK.number(nth[1], 1, 5) : 0);
    parsed.requireReachable();
    return parsed;
  }

  private static void addLast(BitSet last, String day) {
    int number = CronField.DAY_OF_WEEK.number(day, 0, 7) % 7;
    if (last.get(number)) {
      throw CronField.DAY_OF_WEEK.wrong("'%sL' repeats a value of the list".formatted(day));
    }
    last.set(number);
  }

  private static Collector<CharSequence, ?, String> joined() {
    return Collectors.joining(",");
  }

  private static boolean unrestricted(String field) {
    return field.equals("*") || field.equals("?");
  }

  private void requireReachable() {
    if (lastDay || !anyDayOfWeek) {
      return;
    }
    int longest =
        months.stream()
            .map(month -> YearMonth.of(LEAP_YEAR, month).lengthOfMonth())
            .max()
            .orElse(0);
    if (dayOfMonth.nextSetBit(0) > longest) {
      throw CronField.DAY_OF_MONTH.wrong("none of the months has such a day");
    }
  }

  boolean includes(LocalDate date) {
    if (!months.get(date.getMonthValue())) {
      return false;
    }
    if (anyDayOfMonth && anyDayOfWeek) {
      return true;
    }
    return (!anyDayOfMonth && inMonth(date)) || (!anyDayOfWeek && inWeek(date));
  }

  private boolean inMonth(LocalDate date) {
    return dayOfMonth.get(date.getDayOfMonth())
        || (lastDay && date.getDayOfMonth() == date.lengthOfMonth());
  }

  private boolean inWeek(LocalDate date) {
    int day = date.getDayOfWeek().getValue() % 7;
    int week = (date.getDayOfMonth() + 6) / 7;
    boolean isLast = date.getDayOfMonth() > date.lengthOfMonth() - 7;
    return (dayOfWeek.get(day) && (nth == 0 || nth == week)) || (isLast && lastDaysOfWeek.get(day));
  }
}
