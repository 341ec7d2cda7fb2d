package dev.mainstay.server.platform;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SysPropConfigSource;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads settings by their environment variables' names. {@code MAINSTAY_PORT} is also the system
 * property {@code mainstay.port}; a command-line option goes before both. A wrong value is a {@link
 * SettingException} of one sentence.
 */
public final class Settings {
  private final SmallRyeConfig config;

  /**
   * @param overrides from the command line, by variable name
   */
  public static Settings of(Map<String, String> overrides) {
    return new Settings(
        new SmallRyeConfigBuilder()
            .withSources(
                new PropertiesConfigSource(overrides, "command line", 500),
                new SysPropConfigSource(),
                new EnvConfigSource(System.getenv(), 300))
            .build());
  }

  /**
   * As {@link #of}, on the embedded database, whatever the process's environment says: for what
   * must not touch the operator's data.
   */
  public static Settings embedded(Map<String, String> overrides) {
    Map<String, String> all = new HashMap<>(overrides);
    for (Setting setting :
        List.of(
            Setting.DATABASE_URL,
            Setting.SECRET_KEY,
            Setting.QUEUE,
            Setting.REDIS_URL,
            Setting.SMTP_URL)) {
      all.put(setting.variable(), "");
      all.put(setting.property(), "");
    }
    return of(all);
  }

  /** Only these values, nothing of the process: for tests. */
  public static Settings ofOnly(Map<String, String> values) {
    return new Settings(
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(values, "values", 500))
            .build());
  }

  private Settings(SmallRyeConfig config) {
    this.config = config;
  }

  public Optional<String> text(Setting setting) {
    return config
        .getOptionalValue(setting.variable(), String.class)
        .or(() -> config.getOptionalValue(setting.property(), String.class))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .or(setting::defaultValue);
  }

  public Optional<Secret> secret(Setting setting) {
    return text(setting).map(Secret::new);
  }

  public int number(Setting setting, int least, int most) {
    return parse(
        setting,
        text -> {
          int value = Integer.parseInt(text);
          if (value < least || value > most) {
            throw new NumberFormatException();
          }
          return value;
        });
  }

  public Duration duration(Setting setting) {
    return parse(setting, Settings::parseDuration);
  }

  public List<String> list(Setting setting) {
    return text(setting).stream()
        .flatMap(text -> Arrays.stream(text.split(",")))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  public <E extends Enum<E>> E choice(Setting setting, Class<E> type) {
    return parse(
        setting,
        text ->
            Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equalsIgnoreCase(text.replace('-', '_')))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new));
  }

  /** As {@link #parse}, for a setting that may be absent. */
  public <T> Optional<T> optional(Setting setting, Function<String, T> parser) {
    return text(setting).map(text -> parse(setting, parser));
  }

  /** Turns the text into a value; any {@link IllegalArgumentException} becomes the one sentence. */
  public <T> T parse(Setting setting, Function<String, T> parser) {
    String text =
        text(setting)
            .orElseThrow(
                () ->
                    new SettingException(
                        setting.variable() + " must be set: " + setting.allowed()));
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new SettingException(
          "%s is \"%s\", but allowed is: %s"
              .formatted(setting.variable(), text, setting.allowed()));
    }
  }

  /**
   * {@code 500ms}, {@code 90s}, {@code 15m}, {@code 24h}, {@code 7d}, or ISO 8601 ({@code PT15M}).
   */
  public static Duration parseDuration(String text) {
    if (text.startsWith("P") || text.startsWith("p")) {
      return Duration.parse(text);
    }
    if (!text.matches("[0-9]{1,9}(ms|[smhd])")) {
      throw new IllegalArgumentException(text);
    }
    if (text.endsWith("ms")) {
      return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
    }
    long amount = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> Duration.ofSeconds(amount);
      case 'm' -> Duration.ofMinutes(amount);
      case 'h' -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
