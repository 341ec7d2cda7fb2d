package dev.mainstay.server.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is taken for the terms of a key. */
final class KeyRules {
  static final int MAX_NAME = 100;
  static final String PREFIX = "[a-z0-9_-]{1,20}";

  /** Requests, at most. */
  static final long MAX_COUNT = 1_000_000_000;

  /** Shorter intervals are what the rate limit is for. */
  static final long MIN_REFILL_INTERVAL = 1000;

  static final long MAX_REFILL_INTERVAL = Duration.ofDays(366).toMillis();
  static final long MIN_WINDOW = 1000;

  /** Rates are counted in each process, and forgotten when it ends: longer ones would not hold. */
  static final long MAX_WINDOW = Duration.ofHours(1).toMillis();

  /** Of metadata, in characters of JSON. */
  private static final int MAX_METADATA = 4096;

  private static final Duration MIN_LIFE = Duration.ofDays(1);
  private static final Duration MAX_LIFE = Duration.ofDays(365);

  private KeyRules() {}

  static Optional<Duration> life(@Nullable Long seconds) {
    if (seconds == null) {
      return Optional.empty();
    }
    if (seconds < MIN_LIFE.toSeconds()) {
      throw KeyRefusal.EXPIRES_IN_IS_TOO_SMALL.problem();
    }
    if (seconds > MAX_LIFE.toSeconds()) {
      throw KeyRefusal.EXPIRES_IN_IS_TOO_LARGE.problem();
    }
    return Optional.of(Duration.ofSeconds(seconds));
  }

  /** As {@link #life(Long)}, for a number that null can take the place of. */
  static Optional<Duration> life(JsonNode seconds) {
    if (seconds.isNull()) {
      return Optional.empty();
    }
    if (!seconds.isIntegralNumber() || !seconds.canConvertToLong() || seconds.longValue() < 1) {
      throw ProblemException.badRequest("expiresIn", "must be a whole number of seconds, or null");
    }
    return life(seconds.longValue());
  }

  /** The limits that a key has when some of them are set; the others stay. */
  static KeyLimits limits(KeyLimits old, KeyLimitsInput input) {
    boolean refills = input.refillAmount() != null;
    if (refills && input.refillInterval() == null) {
      throw KeyRefusal.REFILL_AMOUNT_AND_INTERVAL_REQUIRED.problem();
    }
    if (!refills && input.refillInterval() != null) {
      throw KeyRefusal.REFILL_INTERVAL_AND_AMOUNT_REQUIRED.problem();
    }
    Long remaining = or(input.remaining(), old.remaining());
    Long max = or(input.rateLimitMax(), old.rateLimitMax());
    Long window = or(input.rateLimitTimeWindow(), old.rateLimitTimeWindow());
    Boolean enabled = input.rateLimitEnabled();
    boolean limited =
        enabled != null
            ? enabled
            : old.rateLimitEnabled()
                || input.rateLimitMax() != null
                || input.rateLimitTimeWindow() != null;
    if (limited && (max == null || window == null)) {
      throw ProblemException.badRequest(
          max == null ? "rateLimitMax" : "rateLimitTimeWindow",
          "must be there for a key with a rate limit");
    }
    return new KeyLimits(
        remaining == null && refills ? input.refillAmount() : remaining,
        or(input.refillAmount(), old.refillAmount()),
        or(input.refillInterval(), old.refillInterval()),
        limited,
        max,
        window);
  }

  private static @Nullable Long or(@Nullable Long one, @Nullable Long other) {
    return one == null ? other : one;
  }

  static @Nullable String metadata(@Nullable JsonNode given) {
    if (given == null || given.isNull()) {
      return null;
    }
    if (!given.isObject()) {
      throw KeyRefusal.INVALID_METADATA_TYPE.problem();
    }
    String text = Json.write(given);
    if (text.length() > MAX_METADATA) {
      throw ProblemException.badRequest(
          "metadata", "must have " + MAX_METADATA + " characters of JSON at most");
    }
    return text;
  }

  /** Actions by resource, {@code {"tasks": ["read"]}}, as scopes, {@code tasks:read}. */
  static List<String> scopes(Map<String, List<String>> permissions) {
    List<String> scopes = new ArrayList<>();
    permissions.forEach(
        (resource, actions) -> actions.forEach(action -> scopes.add(resource + ":" + action)));
    if (scopes.isEmpty()) {
      throw ProblemException.badRequest("permissions", "must name an action");
    }
    return Scopes.check("permissions", scopes);
  }

  static Map<String, List<String>> permissions(List<String> scopes) {
    Map<String, List<String>> permissions = new LinkedHashMap<>();
    for (String scope : scopes) {
      int colon = scope.indexOf(':');
      permissions
          .computeIfAbsent(scope.substring(0, colon), resource -> new ArrayList<>())
          .add(scope.substring(colon + 1));
    }
    return permissions;
  }
}
