package dev.mainstay.server.identity;

/** Why somebody who has come back from a provider is not let in, as their browser is told. */
final class SocialRefusal extends RuntimeException {
  private final String code;

  SocialRefusal(String code) {
    super(code);
    this.code = code;
  }

  /** In Better Auth's words, such as {@code account_not_linked}. */
  String code() {
    return code;
  }
}
