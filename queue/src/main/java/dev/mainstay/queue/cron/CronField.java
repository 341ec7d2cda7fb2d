package dev.mainstay.queue.cron;

import java.util.BitSet;
import java.util.Locale;

/** One field of a pattern: its name in messages, its range, and what it may hold beside numbers. */
enum CronField {
  SECOND("second", 0, 59, ""),
  MINUTE("minute", 0, 59, ""),
  HOUR("hour", 0, 23, ""),
  DAY_OF_MONTH("day of month", 1, 31, ""),
  MONTH("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
  /** 7 is Sunday as well as 0. */
  DAY_OF_WEEK("day of week", 0, 7, "sun mon tue wed thu fri sat");

  private final String label;
  private final int min;
  private final int max;

  /** Three letters each, one character apart. */
  private final String names;

  CronField(String label, int min, int max, String names) {
    this.label = label;
    this.min = min;
    this.max = max;
    this.names = names;
  }

  int min() {
    return min;
  }

  int max() {
    return max;
  }

  /** The numbers of a list of values, ranges and steps. */
  BitSet numbers(String list) {
    BitSet numbers = new BitSet(max + 1);
    for (String item : list.split(",", -1)) {
      BitSet added = item(item);
      if (numbers.intersects(added)) {
        throw wrong("'%s' repeats a value of the list".formatted(item));
      }
      numbers.or(added);
    }
    return numbers;
  }

  private BitSet item(String item) {
    String[] parts = item.split("/", -1);
    if (parts.length > 2) {
      throw wrong("'%s' has more than one step".formatted(item));
    }
    boolean stepped = parts.length == 2;
    int step = stepped ? number(parts[1], 1, Integer.MAX_VALUE) : 1;
    String range = parts[0];
    if (range.equals("*") || range.equals("?")) {
      return range(min, max, step);
    }
    String[] bounds = range.split("-", -1);
    if (bounds.length > 2) {
      throw wrong("'%s' is no range".formatted(item));
    }
    int first = number(bounds[0], min, max);
    if (bounds.length == 1) {
      return stepped ? range(first, max, step) : only(first);
    }
    int last = number(bounds[1], min, max);
    if (first > last) {
      throw wrong("the range '%s' ends before it begins".formatted(range));
    }
    return range(first, last, step);
  }

  private BitSet only(int value) {
    BitSet numbers = new BitSet();
    numbers.set(this == DAY_OF_WEEK ? value % 7 : value);
    return numbers;
  }

  private BitSet range(int first, int last, int step) {
    BitSet numbers = new BitSet();
    for (long value = first; value <= last; value += step) {
      numbers.set((int) value);
    }
    if (this == DAY_OF_WEEK && numbers.get(7)) {
      numbers.clear(7);
      numbers.set(0);
    }
    return numbers;
  }

  /** A number or a name, as part of this field. */
  int number(String text, int least, int most) {
    int name = text.matches("[A-Za-z]{3}") ? names.indexOf(text.toLowerCase(Locale.ROOT)) : -1;
    if (name >= 0) {
      return name / 4 + min;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw wrong("'%s' is no number".formatted(text));
    }
    int number = Integer.parseInt(text);
    if (number < least || number > most) {
      throw wrong(
          most == Integer.MAX_VALUE
              ? "%d is below %d".formatted(number, least)
              : "%d is not from %d to %d".formatted(number, least, most));
    }
    return number;
  }

  IllegalArgumentException wrong(String reason) {
    return new IllegalArgumentException(
        "The cron pattern's field '%s' is wrong: %s".formatted(label, reason));
  }
}
