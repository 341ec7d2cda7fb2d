package dev.mainstay.server.platform.http;

import dev.mainstay.server.platform.ProblemException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks for NUL, which PostgreSQL's text cannot hold. JSON that is only passed on may have it: it
 * is stored as JSON writes it.
 */
final class Nul {
  private Nul() {}

  static void refuse(String name, String text) {
    if (text.indexOf('\0') >= 0) {
      throw ProblemException.badRequest(name, "must not contain NUL");
    }
  }

  /** Where in a body's records and lists it is, if it is. */
  static Optional<String> find(Object body) {
    return find(body, "")
        .map(path -> body instanceof OneOrMany<?> items ? items.field(path) : path);
  }

  private static Optional<String> find(@Nullable Object value, String path) {
    return switch (value) {
      case String text -> text.indexOf('\0') < 0 ? Optional.empty() : Optional.of(path);
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          Optional<String> found = find(list.get(i), path + "[" + i + "]");
          if (found.isPresent()) {
            yield found;
          }
        }
        yield Optional.empty();
      }
      case Record bodyRecord -> {
        for (RecordComponent part : bodyRecord.getClass().getRecordComponents()) {
          String name = path.isEmpty() ? part.getName() : path + "." + part.getName();
          Optional<String> found = find(value(part, bodyRecord), name);
          if (found.isPresent()) {
            yield found;
          }
        }
        yield Optional.empty();
      }
      case null, default -> Optional.empty();
    };
  }

  private static @Nullable Object value(RecordComponent part, Record of) {
    try {
      part.getAccessor().setAccessible(true);
      return part.getAccessor().invoke(of);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }
}
