package dev.mainstay.queue.json;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one text. */
final class JsonReader {
  private static final int MAX_DEPTH = 100;
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

  private final String text;
  private int at;
  private int depth;

  JsonReader(String text) {
    this.text = text;
  }

  @Nullable Object document() {
    Object value = value();
    skipSpace();
    if (at < text.length()) {
      throw wrong("more after its end");
    }
    return value;
  }

  private @Nullable Object value() {
    skipSpace();
    if (at == text.length()) {
      throw wrong("no value");
    }
    return switch (text.charAt(at)) {
      case '{' -> object();
      case '[' -> list();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> object() {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    open();
    if (!taken('}')) {
      do {
        skipSpace();
        String name = string();
        require(':');
        object.put(name, value());
      } while (taken(','));
      require('}');
    }
    depth--;
    return object;
  }

  private List<@Nullable Object> list() {
    List<@Nullable Object> list = new ArrayList<>();
    open();
    if (!taken(']')) {
      do {
        list.add(value());
      } while (taken(','));
      require(']');
    }
    depth--;
    return list;
  }

  private void open() {
    at++;
    depth++;
    if (depth > MAX_DEPTH) {
      throw wrong("more than %d levels".formatted(MAX_DEPTH));
    }
  }

  private String string() {
    if (at == text.length() || text.charAt(at) != '"') {
      throw wrong("no string");
    }
    at++;
    StringBuilder value = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at);
      if (c < ' ') {
        throw wrong("a control character");
      }
      at++;
      value.append(c == '\\' ? escaped() : c);
    }
    require('"');
    return value.toString();
  }

  private char escaped() {
    if (at == text.length()) {
      throw wrong("no end of a string");
    }
    char c = text.charAt(at);
    at++;
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case '"', '\\', '/' -> c;
      case 'u' -> {
        at += 4;
        if (at > text.length()) {
          throw wrong("no end of an escape");
        }
        try {
          yield (char) HexFormat.fromHexDigits(text, at - 4, at);
        } catch (IllegalArgumentException e) {
          throw wrong("no hexadecimal digits");
        }
      }
      default -> throw wrong("an unknown escape");
    };
  }

  private Object number() {
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (!number.lookingAt()) {
      throw wrong("no value");
    }
    at = number.end();
    if (number.group(1) == null && number.group(2) == null) {
      try {
        return Long.valueOf(number.group());
      } catch (NumberFormatException e) {
        return Double.valueOf(number.group());
      }
    }
    return Double.valueOf(number.group());
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    if (!text.startsWith(word, at)) {
      throw wrong("no value");
    }
    at += word.length();
    return value;
  }

  private void require(char c) {
    if (!taken(c)) {
      throw wrong("no \"" + c + "\"");
    }
  }

  private boolean taken(char c) {
    skipSpace();
    boolean there = at < text.length() && text.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private IllegalArgumentException wrong(String found) {
    return new IllegalArgumentException("It is not JSON: %s at %d".formatted(found, at));
  }
}
