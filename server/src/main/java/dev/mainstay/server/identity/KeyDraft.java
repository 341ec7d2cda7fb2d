package dev.mainstay.server.identity;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key to make.
 *
 * @param scopes empty: all that its maker has, but the instance's administration
 * @param life empty: no end
 * @param metadata a JSON object
 */
record KeyDraft(
    String name,
    String prefix,
    Optional<List<String>> scopes,
    Optional<Duration> life,
    KeyLimits limits,
    @Nullable String metadata) {
  static final String USUAL_PREFIX = "ms_";

  static KeyDraft of(String name, List<String> scopes, Optional<Duration> life) {
    return new KeyDraft(
        name,
        USUAL_PREFIX,
        scopes.isEmpty() ? Optional.empty() : Optional.of(scopes),
        life,
        KeyLimits.NONE,
        null);
  }
}
