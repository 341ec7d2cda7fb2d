package dev.mainstay.server.identity;

import org.jspecify.annotations.Nullable;

/**
 * How often a key may be used.
 *
 * @param remaining requests; null: any number
 * @param refillAmount what {@code remaining} becomes every {@code refillInterval} milliseconds
 * @param rateLimitMax requests in each {@code rateLimitTimeWindow} milliseconds
 */
record KeyLimits(
    @Nullable Long remaining,
    @Nullable Long refillAmount,
    @Nullable Long refillInterval,
    boolean rateLimitEnabled,
    @Nullable Long rateLimitMax,
    @Nullable Long rateLimitTimeWindow) {
  static final KeyLimits NONE = new KeyLimits(null, null, null, false, null, null);

  boolean any() {
    return remaining != null || rateLimitEnabled;
  }
}
