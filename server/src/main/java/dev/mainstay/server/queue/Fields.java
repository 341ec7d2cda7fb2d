package dev.mainstay.server.queue;

import dev.mainstay.server.platform.ProblemException;
import java.util.Optional;
import java.util.function.Supplier;

/** Turns the queue's refusals into those of a field. */
final class Fields {
  private Fields() {}

  /**
   * @throws ProblemException 400 naming the field, if {@code value} refuses what it is made of
   */
  static <T> T checked(String field, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw wrong(field, Optional.ofNullable(e.getMessage()).orElse("The value is not valid"));
    }
  }

  static ProblemException wrong(String field, String message) {
    return ProblemException.badRequest(field, message);
  }
}
