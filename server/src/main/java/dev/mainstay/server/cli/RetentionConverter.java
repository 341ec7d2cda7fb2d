package dev.mainstay.server.cli;

import dev.mainstay.queue.Retention;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Which finished jobs stay: {@code all}, {@code none}, how many of the newest, for how long, or
 * both as {@code 100,7d}.
 */
final class RetentionConverter implements ITypeConverter<Retention> {
  static final String FORM = "all, none, the newest (100), a time (7d), or both (100,7d)";

  @Override
  public Retention convert(String text) {
    if (text.equals("all")) {
      return Retention.ALL;
    }
    if (text.equals("none")) {
      return Retention.NONE;
    }
    String[] parts = text.split(",", -1);
    try {
      if (parts.length == 2) {
        return count(parts[0]).upTo(age(parts[1]));
      }
      return text.matches("\\d+") ? count(text) : Retention.ALL.upTo(age(text));
    } catch (IllegalArgumentException | TypeConversionException e) {
      throw new TypeConversionException(
          "\"%s\" does not say which jobs to keep, such as %s".formatted(text, FORM));
    }
  }

  private static Retention count(String text) {
    return Retention.newest(Integer.parseInt(text));
  }

  private static Duration age(String text) {
    return new DurationConverter().convert(text);
  }
}
