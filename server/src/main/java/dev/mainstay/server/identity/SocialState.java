package dev.mainstay.server.identity;

import java.util.Optional;

/**
 * Somebody on the way to a provider and back.
 *
 * @param verifier of PKCE
 * @param link who links an account; empty for a sign-in
 */
record SocialState(
    String providerId,
    String issuer,
    Optional<Link> link,
    String verifier,
    String nonce,
    Targets targets) {

  /** Who links an account, and by which session. */
  record Link(String userId, String sessionId) {}

  /**
   * Where they go then.
   *
   * @param callback checked, as the others are
   */
  record Targets(String callback, Optional<String> error, Optional<String> newUser) {}

  @Override
  public String toString() {
    return "SocialState[" + providerId + "]";
  }
}
