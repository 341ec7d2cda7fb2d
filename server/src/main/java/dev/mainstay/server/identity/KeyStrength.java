package dev.mainstay.server.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a change lets a key do more than before: more scopes, for longer, more often, or at all.
 */
final class KeyStrength {
  private KeyStrength() {}

  static boolean grows(ApiKey before, ApiKey after) {
    return !before.scopes().containsAll(after.scopes())
        || (after.enabled() && !before.enabled())
        || isLater(before.expiresAt(), after.expiresAt())
        || isMore(before.limits().remaining(), after.limits().remaining())
        || refillGrows(before.limits(), after.limits())
        || rateGrows(before.limits(), after.limits());
  }

  private static boolean isLater(@Nullable Instant before, @Nullable Instant after) {
    return before != null && (after == null || after.isAfter(before));
  }

  private static boolean isMore(@Nullable Long before, @Nullable Long after) {
    return before != null && (after == null || after > before);
  }

  /** Of a key whose requests are counted: none, or fewer and less often, is weaker. */
  private static boolean refillGrows(KeyLimits before, KeyLimits after) {
    Long amount = after.refillAmount();
    Long interval = after.refillInterval();
    if (before.remaining() == null || amount == null || interval == null) {
      return false;
    }
    Long formerAmount = before.refillAmount();
    Long formerInterval = before.refillInterval();
    return formerAmount == null
        || formerInterval == null
        || amount > formerAmount
        || interval < formerInterval;
  }

  private static boolean rateGrows(KeyLimits before, KeyLimits after) {
    Long max = before.rateLimitMax();
    Long window = before.rateLimitTimeWindow();
    if (!before.rateLimitEnabled() || max == null || window == null) {
      return false;
    }
    Long newMax = after.rateLimitMax();
    Long newWindow = after.rateLimitTimeWindow();
    return !after.rateLimitEnabled()
        || newMax == null
        || newWindow == null
        || newMax > max
        || newWindow < window;
  }
}
