package dev.mainstay.server.identity.social;

import java.util.Map;
import java.util.Optional;

/** Standard claims (OpenID Connect Core, section 5.1) as a profile. */
final class OidcClaims {
  private OidcClaims() {}

  static ProviderProfile profile(Map<String, Object> claims) {
    return new ProviderProfile(
        text(claims, "sub").orElse(""),
        text(claims, "email"),
        isTrue(claims.get("email_verified")),
        text(claims, "name").or(() -> text(claims, "preferred_username")),
        text(claims, "picture"),
        Map.copyOf(withoutNulls(claims)));
  }

  private static Map<String, Object> withoutNulls(Map<String, Object> claims) {
    claims.values().removeIf(java.util.Objects::isNull);
    return claims;
  }

  private static Optional<String> text(Map<String, Object> claims, String name) {
    return claims.get(name) instanceof String text && !text.isBlank()
        ? Optional.of(text)
        : Optional.empty();
  }

  /** Some providers write it as a string. */
  private static boolean isTrue(@org.jspecify.annotations.Nullable Object value) {
    return Boolean.TRUE.equals(value) || "true".equals(value);
  }
}
