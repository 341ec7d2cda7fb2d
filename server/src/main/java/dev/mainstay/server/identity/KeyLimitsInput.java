package dev.mainstay.server.identity;

import org.jspecify.annotations.Nullable;

/** Limits of a key as somebody sets them; what is null is not set. */
record KeyLimitsInput(
    @Nullable Long remaining,
    @Nullable Long refillAmount,
    @Nullable Long refillInterval,
    @Nullable Boolean rateLimitEnabled,
    @Nullable Long rateLimitMax,
    @Nullable Long rateLimitTimeWindow) {
  private static final KeyLimitsInput NOTHING =
      new KeyLimitsInput(null, null, null, null, null, null);

  boolean isNothing() {
    return equals(NOTHING);
  }
}
