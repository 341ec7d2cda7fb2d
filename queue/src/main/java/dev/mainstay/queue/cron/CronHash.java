package dev.mainstay.queue.cron;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Puts numbers in the place of {@code H}, {@code H/15}, {@code H(0-29)} and {@code H(0-29)/10}:
 * those that cron-parser 5 takes for the same seed, by its hash (FNV-1a) and its generator
 * (mulberry32), {@code utils/random.js}. A field has one number, whatever it holds.
 */
final class CronHash {
  private static final Pattern HASHED = Pattern.compile("H(?:\\((\\d+)-(\\d+)\\))?(?:/(\\d+))?");

  /** Digits beyond these are far beyond every field. */
  private static final int MAX_DIGITS = 9;

  private int state;

  CronHash(String seed) {
    int hash = 0x811c9dc5;
    for (int i = 0; i < seed.length(); i++) {
      hash = (hash ^ seed.charAt(i)) * 0x01000193;
    }
    state = hash;
  }

  /** The next number, from 0 to below 1. */
  private double next() {
    state += 0x6d2b79f5;
    int mixed = (state ^ (state >>> 15)) * (state | 1);
    mixed ^= mixed + (mixed ^ (mixed >>> 7)) * (mixed | 61);
    return Integer.toUnsignedLong(mixed ^ (mixed >>> 14)) / 4294967296.0;
  }

  /** A field of a pattern; each is asked for once, in cron-parser's order. */
  String resolve(CronField field, String text) {
    double random = next();
    return HASHED
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(numbers(field, found, random)));
  }

  private static String numbers(CronField field, MatchResult found, double random) {
    boolean ranged = found.group(1) != null;
    long from = ranged ? number(found.group(1)) : field.min();
    long to = ranged ? number(found.group(2)) : field.max();
    if (from > to) {
      throw field.wrong("the range '%s' ends before it begins".formatted(found.group()));
    }
    long min = Math.max(from, field.min());
    long max = Math.min(to, field.max());
    if (min > max) {
      throw field.wrong("the range '%s' has no value of this field".formatted(found.group()));
    }
    if (found.group(3) == null) {
      return one(random, min, max);
    }
    long step = number(found.group(3));
    if (step == 0) {
      throw field.wrong("0 is below 1");
    }
    long first = min / step * step + (long) Math.floor(random * step);
    String all =
        LongStream.iterate(first, value -> value <= max, value -> value + step)
            .filter(value -> value >= min)
            .mapToObj(Long::toString)
            .collect(Collectors.joining(","));
    return all.isEmpty() ? one(random, min, max) : all;
  }

  private static String one(double random, long min, long max) {
    return Long.toString((long) Math.floor(random * (max - min + 1)) + min);
  }

  private static long number(String digits) {
    return Long.parseLong(digits.length() > MAX_DIGITS ? "9".repeat(MAX_DIGITS) : digits);
  }
}
