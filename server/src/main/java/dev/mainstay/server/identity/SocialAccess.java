package dev.mainstay.server.identity;

import dev.mainstay.server.identity.social.ProviderException;
import dev.mainstay.server.identity.social.ProviderProfile;
import dev.mainstay.server.identity.social.ProviderTokens;
import dev.mainstay.server.identity.social.Providers;
import dev.mainstay.server.identity.social.SocialProvider;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of the caller's accounts at providers. Of all who need new ones at the same time, in
 * whatever process, one asks the provider; a claim in the account's row says who. No transaction is
 * open meanwhile. A process that dies leaves a claim that ends.
 */
final class SocialAccess {
  private static final Logger log = LoggerFactory.getLogger(SocialAccess.class);

  /** Longer than a provider may take; then others may ask. */
  private static final Duration CLAIM = Duration.ofSeconds(30);

  private static final Duration WAIT = Duration.ofSeconds(15);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  /** A token that ends within this time has ended for whoever is about to use it. */
  private static final Duration ALMOST = Duration.ofSeconds(5);

  private final Database database;
  private final InstantSource clock;
  private final Providers providers;
  private final SocialTokens tokens;
  private final SocialAccountStore store = new SocialAccountStore();

  SocialAccess(Database database, InstantSource clock, Providers providers, SocialTokens tokens) {
    this.database = database;
    this.clock = clock;
    this.providers = providers;
    this.tokens = tokens;
  }

  /** An account with its tokens in the open. */
  record Current(SocialAccount account, Optional<ProviderTokens> tokens) {
    @Override
    public String toString() {
      return "Current[" + account.id() + "]";
    }
  }

  /** An account of the caller's. */
  SocialAccount account(Principal caller, String id) {
    return database
        .read(sql -> store.find(sql, caller.userId(), id))
        .orElseThrow(SocialAccess::notFound);
  }

  static ProblemException notFound() {
    return PasswordRules.invalid("account-not-found", "Account not found");
  }

  private SocialProvider provider(SocialAccount account, String code) {
    return providers
        .find(account.providerId())
        .filter(one -> one.issuer().equals(account.issuer()))
        .orElseThrow(
            () ->
                PasswordRules.invalid(
                    code, "Provider " + account.providerId() + " is not configured"));
  }

  /**
   * A token that is good now, as far as that is known.
   *
   * @param unknown the error's code for an account of no provider
   */
  Current get(SocialAccount account, String unknown) {
    SocialProvider provider = provider(account, unknown);
    Instant soon = clock.instant().plus(ALMOST);
    boolean ended = account.sealed().accessExpires().filter(soon::isAfter).isPresent();
    return ended && account.sealed().refresh().isPresent()
        ? open(renew(account, provider, "failed-to-get-access-token"))
        : open(account);
  }

  /** New tokens, whether the old ones are good or not. */
  Current refresh(SocialAccount account) {
    SocialProvider provider = provider(account, "provider-not-supported");
    if (account.sealed().refresh().isEmpty()) {
      throw PasswordRules.invalid("refresh-token-not-found", "Refresh token not found");
    }
    return open(renew(account, provider, "failed-to-refresh-access-token"));
  }

  /** What the provider says about the account's user. */
  ProviderProfile profile(SocialAccount account) {
    Current current = get(account, "provider-not-configured");
    ProviderTokens held =
        current
            .tokens()
            .orElseThrow(
                () -> PasswordRules.invalid("access-token-not-found", "Access token not found"));
    try {
      return provider(account, "provider-not-configured").profile(held, account.subject());
    } catch (ProviderException e) {
      log.warn(
          "Provider {} does not tell about an account: {}", account.providerId(), e.getMessage());
      throw e.reason() == ProviderException.Reason.UNAVAILABLE
          ? unavailable()
          : ProblemException.of(
              "failed-to-get-user-info", "Not answered", 401, "Failed to get user info");
    }
  }

  private Current open(SocialAccount account) {
    SocialAccount.Sealed sealed = account.sealed();
    return new Current(
        account,
        tokens
            .access(account)
            .map(
                access ->
                    new ProviderTokens(
                        access,
                        tokens.refresh(account),
                        tokens.idToken(account),
                        sealed.accessExpires(),
                        sealed.refreshExpires(),
                        sealed.scopes())));
  }

  private SocialAccount renew(SocialAccount seen, SocialProvider provider, String failure) {
    String claim = Ids.secret();
    Instant last = clock.instant().plus(WAIT);
    while (true) {
      SocialAccount now =
          database
              .read(sql -> store.find(sql, seen.userId(), seen.id()))
              .orElseThrow(SocialAccess::notFound);
      if (!now.sealed().access().equals(seen.sealed().access())) {
        return now; // somebody else has got new ones
      }
      if (now.sealed().refresh().isEmpty()) {
        throw ended(failure); // somebody else was told so
      }
      if (claim(now, claim)) {
        return ask(now, provider, claim, failure);
      }
      if (!clock.instant().isBefore(last)) {
        throw unavailable();
      }
      pause();
    }
  }

  private boolean claim(SocialAccount account, String claim) {
    Instant now = clock.instant();
    return database.read(sql -> store.isFree(sql, account.id(), now))
        && database.write(tx -> store.claim(tx, account, claim, now, now.plus(CLAIM)));
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_EVERY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable();
    }
  }

  private SocialAccount ask(
      SocialAccount account, SocialProvider provider, String claim, String failure) {
    ProviderTokens fresh;
    try {
      fresh = provider.refresh(tokens.refresh(account).orElseThrow(), account.subject());
    } catch (ProviderException e) {
      log.warn("Provider {} gives no new tokens: {}", provider.id(), e.getMessage());
      boolean over = e.reason() == ProviderException.Reason.GRANT_ENDED;
      database.execute(tx -> giveUp(tx, account, claim, over));
      throw over
          ? ended(failure)
          : e.reason() == ProviderException.Reason.UNAVAILABLE
              ? unavailable()
              : PasswordRules.invalid(failure, "The provider refuses to give new tokens");
    }
    return database.write(
        tx -> {
          if (store.release(tx, account.id(), claim)) {
            store.setTokens(
                tx,
                account.id(),
                account.providerId(),
                tokens.seal(account.id(), fresh, Optional.of(account.sealed()), false),
                clock.instant());
          }
          return store
              .find(tx.sql(), account.userId(), account.id())
              .orElseThrow(SocialAccess::notFound);
        });
  }

  /** Asking again with what has ended would end the same, or look like a thief's. */
  private void giveUp(Tx tx, SocialAccount account, String claim, boolean over) {
    if (store.release(tx, account.id(), claim) && over) {
      store.dropRefreshToken(tx, account.id(), clock.instant());
    }
  }

  private static ProblemException ended(String failure) {
    return PasswordRules.invalid(
        failure, "The provider does not take the grant any more; sign in with it again");
  }

  static ProblemException unavailable() {
    return ProblemException.of(
        "provider-unavailable",
        "Provider not available",
        503,
        "The provider does not answer; try again in a moment");
  }
}
