package dev.mainstay.queue.sql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of strings in one column, as a JSON array (RFC 8259). */
final class TextArray {
  private TextArray() {}

  /** Null for an empty list. */
  static @Nullable String write(List<String> values) {
    if (values.isEmpty()) {
      return null;
    }
    StringBuilder json = new StringBuilder("[");
    for (String value : values) {
      json.append(json.length() > 1 ? ",\"" : "\"");
      value.chars().forEach(c -> escape(json, (char) c));
      json.append('"');
    }
    return json.append(']').toString();
  }

  private static void escape(StringBuilder json, char c) {
    switch (c) {
      case '"', '\\' -> json.append('\\').append(c);
      case '\n' -> json.append("\\n");
      case '\t' -> json.append("\\t");
      default -> {
        if (c < ' ' || Character.isSurrogate(c)) {
          json.append("\\u%04x".formatted((int) c));
        } else {
          json.append(c);
        }
      }
    }
  }

  /** What {@link #write} has written. */
  static List<String> read(@Nullable String json) {
    List<String> values = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    boolean inside = false;
    for (int i = 0; json != null && i < json.length(); i++) {
      char c = json.charAt(i);
      if (inside && c == '\\') {
        i++;
        char escaped = json.charAt(i);
        value.append(
            switch (escaped) {
              case 'n' -> '\n';
              case 't' -> '\t';
              case 'u' -> (char) Integer.parseInt(json, i + 1, i + 5, 16);
              default -> escaped;
            });
        i += escaped == 'u' ? 4 : 0;
      } else if (c == '"') {
        inside = !inside;
        if (!inside) {
          values.add(value.toString());
          value.setLength(0);
        }
      } else if (inside) {
        value.append(c);
      }
    }
    return List.copyOf(values);
  }
}
