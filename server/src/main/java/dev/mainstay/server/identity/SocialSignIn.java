package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.identity.social.ProviderProfile;
import dev.mainstay.server.identity.social.SocialProvider;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Principal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signing in by an account at a provider, and linking one. An account is known by its issuer and
 * its id there. An address counts once, when an account comes for the first time, and only if the
 * provider has proved it. Where it was not proved here, that proves it, as a link by mail would.
 */
final class SocialSignIn {
  /** Accounts of one user, the password's with them. */
  private static final int MAX_ACCOUNTS = 20;

  private final Database database;
  private final InstantSource clock;
  private final People people;
  private final SocialTokens tokens;
  private final SocialAccountStore accounts = new SocialAccountStore();

  SocialSignIn(Database database, InstantSource clock, People people, SocialTokens tokens) {
    this.database = database;
    this.clock = clock;
    this.people = people;
    this.tokens = tokens;
  }

  /** Who has come in, or is asked for a second factor. */
  record Arrival(Entrance entrance, boolean isNew) {}

  /**
   * Lets somebody in, who is made a user if need be and if they may.
   *
   * @throws SocialRefusal if they may not come
   */
  Arrival enter(
      SocialProvider provider,
      SocialProvider.Exchanged exchanged,
      Sessions.Entry entry,
      Proof proof) {
    return database.write(
        tx -> {
          Optional<SocialAccount> known =
              accounts.lock(tx, provider.issuer(), exchanged.profile().subject());
          return known.isPresent()
              ? new Arrival(enterAgain(tx, known.get(), provider, exchanged, entry), false)
              : enterFirst(tx, provider, exchanged, entry, proof);
        });
  }

  private Entrance enterAgain(
      Tx tx,
      SocialAccount account,
      SocialProvider provider,
      SocialProvider.Exchanged exchanged,
      Sessions.Entry entry) {
    User user =
        people
            .users()
            .lock(tx, account.userId())
            .orElseThrow(() -> new SocialRefusal("unable_to_link_account"));
    if (user.email().isPresent() && !user.emailVerified()) {
      throw new SocialRefusal("email_not_verified");
    }
    renew(tx, account, provider, exchanged, false);
    return people.gate().enter(tx, user, entry);
  }

  private Arrival enterFirst(
      Tx tx,
      SocialProvider provider,
      SocialProvider.Exchanged exchanged,
      Sessions.Entry entry,
      Proof proof) {
    ProviderProfile profile = exchanged.profile();
    String email =
        profile
            .email()
            .flatMap(EmailAddress::find)
            .orElseThrow(() -> new SocialRefusal("email_not_found"));
    Registration.reserve(tx, email);
    Optional<User> there =
        people.users().byEmail(tx.sql(), email).flatMap(user -> people.users().lock(tx, user.id()));
    if (there.isPresent()) {
      if (!profile.emailVerified()) {
        throw new SocialRefusal("account_not_linked");
      }
      User user = proved(tx, there.get(), profile, proof);
      // An address that changed hands at the provider is another person's by now.
      if (accounts.hasIssuer(tx.sql(), user.id(), provider.issuer())) {
        throw new SocialRefusal("account_not_linked");
      }
      add(tx, user, provider, exchanged, entry.client());
      return new Arrival(people.gate().enter(tx, user, entry), false);
    }
    if (!profile.emailVerified()) {
      throw new SocialRefusal("email_not_verified");
    }
    if (!people.registration().isOpenTo(tx, email)) {
      throw new SocialRefusal("signup_disabled");
    }
    User user = people.registration().create(tx, newcomer(email, profile), entry.client());
    insert(tx, user, provider, exchanged);
    return new Arrival(people.gate().enter(tx, user, entry), true);
  }

  /** What a stranger has left on the account is gone then, and the name may be with it. */
  private User proved(Tx tx, User user, ProviderProfile profile, Proof proof) {
    if (user.emailVerified()) {
      return user;
    }
    people.audit().record(tx, AuditLog.Act.of("email-verified", user.id(), proof.client()));
    Instant now = clock.instant();
    User proved = people.proved(tx, user, proof, now);
    if (!proved.name().isEmpty()) {
      return proved;
    }
    Registration.Newcomer newcomer = newcomer(proved.address(), profile);
    people.users().setProfile(tx, proved.id(), newcomer.name(), newcomer.image(), now);
    return people.users().byId(tx, proved.id()).orElse(proved);
  }

  private static Registration.Newcomer newcomer(String email, ProviderProfile profile) {
    String name = profile.name().orElse("").replaceAll("\\p{Cntrl}", " ").strip();
    int length = Math.min(name.length(), Profile.MAX_NAME);
    // Never half of a character that Java writes as two.
    if (length < name.length() && Character.isHighSurrogate(name.charAt(length - 1))) {
      length--;
    }
    return new Registration.Newcomer(
        email, true, name.substring(0, length), picture(profile.picture()));
  }

  /** None rather than one that no page may show. */
  private static @Nullable String picture(Optional<String> url) {
    try {
      return url.filter(text -> text.length() <= Profile.MAX_IMAGE)
          .map(Profile::picture)
          .orElse(null);
    } catch (ProblemException e) {
      return null;
    }
  }

  /**
   * Links an account to the user who has asked for it.
   *
   * @param caller whose browser has come back
   * @throws SocialRefusal if that is somebody else, or the account is somebody else's
   */
  void link(
      SocialState.Link link,
      SocialProvider provider,
      SocialProvider.Exchanged exchanged,
      Optional<Principal> caller,
      Client client) {
    if (caller.filter(one -> isWho(one, link)).isEmpty()) {
      throw new SocialRefusal("unable_to_link_account");
    }
    database.execute(
        tx -> {
          Optional<SocialAccount> known =
              accounts.lock(tx, provider.issuer(), exchanged.profile().subject());
          User user =
              people
                  .users()
                  .lock(tx, link.userId())
                  .filter(one -> people.sessions().isOpen(tx, link.sessionId(), one.id()))
                  .orElseThrow(() -> new SocialRefusal("unable_to_link_account"));
          if (known.isEmpty()) {
            add(tx, user, provider, exchanged, client);
          } else if (known.get().userId().equals(user.id())) {
            renew(tx, known.get(), provider, exchanged, true);
          } else {
            throw new SocialRefusal("account_already_linked_to_different_user");
          }
        });
  }

  private static boolean isWho(Principal caller, SocialState.Link link) {
    return caller.kind() == Principal.Kind.SESSION
        && caller.userId().equals(link.userId())
        && caller.credentialId().equals(link.sessionId());
  }

  /** One more way to sign in, of which its user is told. */
  private void add(
      Tx tx,
      User user,
      SocialProvider provider,
      SocialProvider.Exchanged exchanged,
      Client client) {
    if (people.accounts().list(tx.sql(), user.id()).size() >= MAX_ACCOUNTS) {
      throw new SocialRefusal("too_many_accounts");
    }
    insert(tx, user, provider, exchanged);
    people.tell(
        tx,
        user,
        AuditLog.Act.of("account-linked", user.id(), client).target("provider", provider.id()),
        "Signing in with " + provider.name() + " was set up");
  }

  private void insert(
      Tx tx, User user, SocialProvider provider, SocialProvider.Exchanged exchanged) {
    String id = Ids.next();
    accounts.insert(
        tx,
        new SocialAccount(
            id,
            user.id(),
            provider.id(),
            provider.issuer(),
            exchanged.profile().subject(),
            tokens.seal(id, exchanged.tokens(), Optional.empty(), true)),
        clock.instant());
  }

  private void renew(
      Tx tx,
      SocialAccount account,
      SocialProvider provider,
      SocialProvider.Exchanged exchanged,
      boolean widened) {
    accounts.setTokens(
        tx,
        account.id(),
        provider.id(),
        tokens.seal(account.id(), exchanged.tokens(), Optional.of(account.sealed()), widened),
        clock.instant());
  }
}
