package dev.mainstay.queue.json;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON values: {@code Map} with string keys, {@code List}, {@code String}, {@code
 * Long} for whole numbers that fit, {@code Double} for others, {@code Boolean} and null.
 */
public final class Json {
  private Json() {}

  /**
   * @throws IllegalArgumentException it is not one JSON value, or nested too deeply
   */
  public static @Nullable Object read(String text) {
    return new JsonReader(text).document();
  }

  /**
   * @throws IllegalArgumentException it is not one JSON object
   */
  @SuppressWarnings("unchecked") // the keys that the reader makes are strings
  public static Map<String, @Nullable Object> readObject(String text) {
    if (read(text) instanceof Map<?, ?> object) {
      return (Map<String, @Nullable Object>) object;
    }
    throw new IllegalArgumentException("It is not a JSON object");
  }

  /** A list of strings; null stands for an empty one. */
  public static List<String> readStrings(@Nullable String text) {
    if (text == null) {
      return List.of();
    }
    if (read(text) instanceof List<?> list) {
      return list.stream().map(String.class::cast).toList();
    }
    throw new IllegalArgumentException("It is not a JSON array");
  }

  /** Null for an empty list. */
  public static @Nullable String writeStrings(List<String> values) {
    return values.isEmpty() ? null : write(values);
  }

  /**
   * @throws IllegalArgumentException a value is of another type, or a number is not finite
   */
  public static String write(@Nullable Object value) {
    StringBuilder json = new StringBuilder();
    write(json, value);
    return json.toString();
  }

  private static void write(StringBuilder json, @Nullable Object value) {
    switch (value) {
      case String text -> write(json, text);
      case Map<?, ?> object -> write(json, object);
      case List<?> list -> write(json, list);
      case Double number when !Double.isFinite(number) ->
          throw new IllegalArgumentException("%s is not a JSON number".formatted(number));
      case Long number -> json.append(number.longValue());
      case Integer number -> json.append(number.intValue());
      case Double number -> json.append(number.doubleValue());
      case Boolean truth -> json.append(truth.booleanValue());
      case null -> json.append("null");
      default -> throw new IllegalArgumentException("%s is not JSON".formatted(value.getClass()));
    }
  }

  private static void write(StringBuilder json, Map<?, ?> object) {
    String separator = "{";
    for (Map.Entry<?, ?> member : object.entrySet()) {
      json.append(separator);
      write(json, (String) member.getKey());
      json.append(':');
      write(json, member.getValue());
      separator = ",";
    }
    json.append(object.isEmpty() ? "{}" : "}");
  }

  private static void write(StringBuilder json, List<?> list) {
    String separator = "[";
    for (Object value : list) {
      json.append(separator);
      write(json, value);
      separator = ",";
    }
    json.append(list.isEmpty() ? "[]" : "]");
  }

  private static void write(StringBuilder json, String text) {
    json.append('"');
    text.chars().forEach(c -> escape(json, (char) c));
    json.append('"');
  }

  private static void escape(StringBuilder json, char c) {
    switch (c) {
      case '"', '\\' -> json.append('\\').append(c);
      case '\n' -> json.append("\\n");
      case '\t' -> json.append("\\t");
      default -> {
        // Half of a pair alone has no form in UTF-8; escaped it comes back as it was.
        if (c < ' ' || Character.isSurrogate(c)) {
          json.append("\\u%04x".formatted((int) c));
        } else {
          json.append(c);
        }
      }
    }
  }
}
