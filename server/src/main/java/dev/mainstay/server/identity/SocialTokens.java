package dev.mainstay.server.identity;

import dev.mainstay.server.identity.social.ProviderTokens;
import dev.mainstay.server.platform.Keyring;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Seals providers' tokens for the row and the column that they are kept in. */
final class SocialTokens {
  private final Keyring keyring;

  SocialTokens(Keyring keyring) {
    this.keyring = keyring;
  }

  /**
   * The tokens of an account that is there already, with what has come now. A refresh token stays
   * if no other has come (RFC 6749, section 6).
   *
   * @param before nothing of a new one
   * @param widened whether the scopes are added to those that were granted before
   */
  SocialAccount.Sealed seal(
      String accountId,
      ProviderTokens tokens,
      Optional<SocialAccount.Sealed> before,
      boolean widened) {
    boolean another = tokens.refresh().isPresent();
    return new SocialAccount.Sealed(
        Optional.of(seal(accountId, "access_token", tokens.access())),
        tokens
            .refresh()
            .map(token -> seal(accountId, "refresh_token", token))
            .or(() -> before.flatMap(SocialAccount.Sealed::refresh)),
        tokens
            .id()
            .map(token -> seal(accountId, "id_token", token))
            .or(() -> before.flatMap(SocialAccount.Sealed::idToken)),
        tokens.accessExpires(),
        tokens
            .refreshExpires()
            .or(
                () ->
                    another
                        ? Optional.empty()
                        : before.flatMap(SocialAccount.Sealed::refreshExpires)),
        scope(tokens.scopes(), before, widened));
  }

  private static Optional<String> scope(
      List<String> granted, Optional<SocialAccount.Sealed> before, boolean widened) {
    Set<String> all =
        new LinkedHashSet<>(before.map(SocialAccount.Sealed::scopes).orElse(List.of()));
    if (widened || before.isEmpty()) {
      all.addAll(granted);
    }
    return all.isEmpty() ? Optional.empty() : Optional.of(String.join(",", all));
  }

  private String seal(String accountId, String column, String token) {
    return keyring.seal(token, place(accountId, column));
  }

  Optional<String> access(SocialAccount account) {
    return open(account, "access_token", account.sealed().access());
  }

  Optional<String> refresh(SocialAccount account) {
    return open(account, "refresh_token", account.sealed().refresh());
  }

  Optional<String> idToken(SocialAccount account) {
    return open(account, "id_token", account.sealed().idToken());
  }

  private Optional<String> open(SocialAccount account, String column, Optional<String> sealed) {
    return sealed.map(text -> keyring.open(text, place(account.id(), column)));
  }

  private static String place(String accountId, String column) {
    return "accounts/" + accountId + "/" + column;
  }
}
