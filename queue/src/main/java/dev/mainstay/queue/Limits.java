package dev.mainstay.queue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Checks of what comes from outside; the messages name the limit, never the value. */
public final class Limits {
  private Limits() {}

  public static void name(String field, String value) {
    if (value.isBlank() || value.length() > JobRequest.MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "%s must have 1 to %d characters and not be blank; it has %d"
              .formatted(field, JobRequest.MAX_NAME_LENGTH, value.length()));
    }
  }

  public static void range(String field, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be from %d to %d, not %d".formatted(field, least, most, value));
    }
  }

  public static void range(String field, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s must be from %s to %s, not %s".formatted(field, least, most, value));
    }
  }

  /**
   * @throws IllegalArgumentException {@code value} has more than {@code limit} bytes in UTF-8
   */
  public static void bytes(String field, String value, int limit) {
    // A char has at most three bytes in UTF-8, so most values need no copy to be measured.
    if (value.length() > limit / 3) {
      int length = value.getBytes(StandardCharsets.UTF_8).length;
      if (length > limit) {
        throw new IllegalArgumentException(
            "%s has %d bytes in UTF-8; at most %d are allowed".formatted(field, length, limit));
      }
    }
  }

  /** {@code value}, cut at a whole character if it has more than {@code limit} bytes in UTF-8. */
  public static String cut(String value, int limit) {
    if (value.length() <= limit / 3) {
      return value;
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= limit) {
      return value;
    }
    String mark = " … (cut at %d bytes)".formatted(limit);
    int end = limit - mark.getBytes(StandardCharsets.UTF_8).length;
    while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8) + mark;
  }
}
