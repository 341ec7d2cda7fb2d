package dev.mainstay.server.identity.social;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A service at which people have an account. All that calls it has a limit of time and of size. */
public sealed interface SocialProvider permits GitHubProvider, OidcProvider {
  String id();

  /** As people read it. */
  String name();

  /** With {@link ProviderProfile#subject} it names one account, for ever. */
  String issuer();

  /**
   * Who sets out.
   *
   * @param state comes back unchanged
   * @param verifier of PKCE (RFC 7636), in whose place the provider gets its SHA-256
   * @param nonce stands in the ID token
   * @param scopes beside those that are always asked for
   * @param parameters more of the authorization request, none of which this class sets
   */
  record Departure(
      String state,
      String verifier,
      String nonce,
      URI redirect,
      List<String> scopes,
      Optional<String> loginHint,
      Map<String, String> parameters) {}

  /**
   * Where a browser goes to sign in.
   *
   * @throws ProviderException if the provider has to be asked, and does not answer
   */
  URI authorize(Departure departure);

  /**
   * Checks that an answer is this provider's (RFC 9207).
   *
   * @param iss as it came with the answer
   */
  void checkIssuer(Optional<String> iss);

  /**
   * Who has come back.
   *
   * @param redirect and the following two as in {@link Departure}
   */
  record Arrival(String code, URI redirect, String verifier, String nonce) {
    @Override
    public String toString() {
      return "Arrival[…]";
    }
  }

  /** Who that is, and what the provider has given. */
  record Exchanged(ProviderTokens tokens, ProviderProfile profile) {}

  /** Exchanges a code, and finds out who has come. */
  Exchanged exchange(Arrival arrival);

  /**
   * New tokens; {@link ProviderTokens#refresh} is empty if the old one stays.
   *
   * @param subject whose they must be
   */
  ProviderTokens refresh(String refreshToken, String subject);

  /** What the provider says today about whom it knows as {@code subject}. */
  ProviderProfile profile(ProviderTokens tokens, String subject);
}
