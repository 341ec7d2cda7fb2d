package dev.mainstay.server.identity;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An account at a provider, by which its user signs in.
 *
 * @param subject its id there
 * @param sealed its tokens, as they are at rest
 */
record SocialAccount(
    String id, String userId, String providerId, String issuer, String subject, Sealed sealed) {

  /** A password's, which is no account at a provider. */
  static final String CREDENTIAL = "credential";

  /**
   * Tokens at rest: each is sealed for its row and column.
   *
   * @param scope with commas
   */
  record Sealed(
      Optional<String> access,
      Optional<String> refresh,
      Optional<String> idToken,
      Optional<Instant> accessExpires,
      Optional<Instant> refreshExpires,
      Optional<String> scope) {

    List<String> scopes() {
      return SocialAccount.scopes(scope.orElse(""));
    }
  }

  static List<String> scopes(String text) {
    return Arrays.stream(text.split(",")).filter(one -> !one.isEmpty()).toList();
  }
}
