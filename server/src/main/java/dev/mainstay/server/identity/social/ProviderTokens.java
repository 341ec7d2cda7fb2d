package dev.mainstay.server.identity.social;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a provider has given.
 *
 * @param accessExpires empty if the provider does not say
 * @param scopes what it says that it has granted; empty if it says nothing
 */
public record ProviderTokens(
    String access,
    Optional<String> refresh,
    Optional<String> id,
    Optional<Instant> accessExpires,
    Optional<Instant> refreshExpires,
    List<String> scopes) {

  @Override
  public String toString() {
    return "ProviderTokens[…]";
  }
}
