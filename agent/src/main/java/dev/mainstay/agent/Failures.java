package dev.mainstay.agent;

import org.jspecify.annotations.Nullable;

/** What a piece of work threw that it should not have. */
final class Failures {
  private Failures() {}

  static RuntimeException unexpected(@Nullable Throwable failure) {
    return switch (failure) {
      case Error e -> throw e;
      case RuntimeException e -> e;
      case null, default -> new IllegalStateException("A piece of work failed", failure);
    };
  }
}
