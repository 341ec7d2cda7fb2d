package dev.mainstay.server.cli;

import dev.mainstay.server.platform.Settings;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 500ms}, {@code 5s}, {@code 10m}, {@code 2h}, {@code 7d} or ISO 8601. */
final class DurationConverter implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String text) {
    try {
      return Settings.parseDuration(text);
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new TypeConversionException(
          "\"" + text + "\" is no duration such as 500ms, 5s, 10m, 2h or 7d");
    }
  }
}
