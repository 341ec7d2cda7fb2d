package dev.mainstay.server.identity.social;

import java.util.Map;
import java.util.Optional;

/**
 * Who somebody is at a provider.
 *
 * @param subject their id there, which stays whatever else changes
 * @param email as the provider writes it
 * @param emailVerified whether the provider says that it is theirs
 * @param claims all that it says
 */
public record ProviderProfile(
    String subject,
    Optional<String> email,
    boolean emailVerified,
    Optional<String> name,
    Optional<String> picture,
    Map<String, Object> claims) {

  private static final int MAX_SUBJECT = 255;

  public ProviderProfile {
    // OpenID Connect Core, section 2: 255 ASCII characters at most.
    if (subject.isBlank()
        || subject.length() > MAX_SUBJECT
        || subject.chars().anyMatch(Character::isISOControl)) {
      throw ProviderException.noProfile("the subject is not valid");
    }
  }

  @Override
  public String toString() {
    return "ProviderProfile[" + subject + "]";
  }
}
