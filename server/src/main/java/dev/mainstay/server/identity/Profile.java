package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.organization.Organizations;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Principal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What users change about themselves, up to leaving. */
final class Profile {
  static final int MAX_NAME = 200;

  /** Of a picture in its own address: some 24 KiB. */
  static final int MAX_IMAGE = 32_768;

  /** Of each list in what is kept about somebody. */
  private static final int MAX_EXPORTED = 1000;

  private static final int MAX_IMAGE_URL = 2048;

  /** Nothing that runs scripts, as SVG does. */
  private static final Pattern IMAGE =
      Pattern.compile(
          "https?://[^\\s\"'<>\\\\]{1,%d}|data:image/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/]+={0,2}"
              .formatted(MAX_IMAGE_URL));

  private final Database database;
  private final InstantSource clock;
  private final People people;
  private final KeyStore keys;
  private final Organizations organizations;
  private final SocialStateStore states = new SocialStateStore();

  Profile(
      Database database,
      InstantSource clock,
      People people,
      KeyStore keys,
      Organizations organizations) {
    this.database = database;
    this.clock = clock;
    this.people = people;
    this.keys = keys;
    this.organizations = organizations;
  }

  User user(Principal caller) {
    return user(caller.userId());
  }

  User user(String id) {
    return people.users().byId(database, id).orElseThrow(ProblemException::unauthorized);
  }

  /**
   * Changes what is given.
   *
   * @param image removed if it is given and empty
   */
  void update(Principal caller, Optional<String> name, Optional<String> image) {
    database.execute(
        tx -> {
          User user = people.lock(tx, caller);
          @Nullable String picture =
              image.isPresent() ? image.filter(text -> !text.isEmpty()).orElse(null) : user.image();
          people
              .users()
              .setProfile(tx, user.id(), name.orElse(user.name()), picture, clock.instant());
        });
  }

  /** The address of a picture, or the picture in it, which a page shows; nothing that runs. */
  static @Nullable String picture(@Nullable String image) {
    if (image == null || image.isEmpty()) {
      return null;
    }
    if (!IMAGE.matcher(image).matches()) {
      throw ProblemException.badRequest(
          "image",
          "must be an http:// or https:// URL of 2048 characters at most, or a picture as"
              + " data:image/png;base64,…, also jpeg, gif, webp or avif");
    }
    return image;
  }

  /** Sends a link that deletes the account of the caller. */
  void requestDeletion(Principal caller, String callback) {
    database.execute(
        tx -> {
          User user = people.users().byId(tx, caller.userId()).orElseThrow();
          requireSettled(tx, user.id(), false);
          requireMayGo(tx, user);
          String token =
              people
                  .verifications()
                  .newLink(
                      tx,
                      Verification.Request.of(
                          Purpose.DELETE_ACCOUNT, user.address(), Optional.of(user)));
          people.letters().deleteAccount(tx, user.address(), token, callback);
        });
  }

  /** Deletes the caller, by the link that was sent. */
  void delete(Principal caller, String token, Client client) {
    database.execute(
        tx -> {
          boolean own =
              people
                  .verifications()
                  .takeLink(tx, Purpose.DELETE_ACCOUNT, token)
                  .flatMap(Verification::userId)
                  .equals(Optional.of(caller.userId()));
          if (!own) {
            throw ProblemException.of("invalid-token", "Link not valid", 404, "Invalid token");
          }
          requireSettled(tx, caller.userId(), false);
          delete(tx, caller.userId(), client);
        });
  }

  /**
   * Deletes the caller, who has just proved who they are.
   *
   * @param byPassword whether by the password
   */
  void delete(Principal caller, boolean byPassword, Client client) {
    database.execute(
        tx -> {
          requireSettled(tx, caller.userId(), byPassword);
          delete(tx, caller.userId(), client);
        });
  }

  /**
   * Else whoever has taken an account, by a session alone, could make sure that its owner never
   * gets it back. A password that is older than the change of address is the owner's.
   */
  private void requireSettled(Tx tx, String userId, boolean byPassword) {
    Optional<Instant> changed = people.verifications().canBeRestoredSince(tx.sql(), userId);
    boolean older =
        byPassword
            && changed.isPresent()
            && people
                .accounts()
                .passwordSetAt(tx.sql(), userId)
                .filter(set -> set.isBefore(changed.get()))
                .isPresent();
    if (changed.isPresent() && !older) {
      throw ProblemException.conflict(
          "email-changed-lately",
          "The address was changed within the last seven days, and its former mailbox may take that"
              + " back; until then the account is deleted by a password from before, or by an"
              + " administrator");
    }
  }

  void delete(Tx tx, String userId, Client client) {
    User user = people.users().lock(tx, userId).orElseThrow(ProblemException::unauthorized);
    requireMayGo(tx, user);
    Instant now = clock.instant();
    people.audit().record(tx, AuditLog.Act.of("user-deleted", userId, client));
    people.sessions().endAll(tx, userId);
    people.verifications().forget(tx, userId);
    people.accounts().deleteAll(tx, userId);
    states.deleteAll(tx, userId);
    people.passkeys().deleteAll(tx, userId);
    people.gate().forget(tx, userId);
    keys.revokeAll(tx, userId, now);
    organizations.removeEverywhere(tx, userId);
    people.users().erase(tx, userId, now);
    user.email().ifPresent(email -> forget(tx, email));
  }

  /** The address is nowhere any more, but on the last mail until that is out, for a day at most. */
  private void forget(Tx tx, String email) {
    people.verifications().forgetAddress(tx, email);
    organizations.forget(tx, email);
    people.audit().forget(tx, email);
    people.letters().forget(tx, email);
    people.letters().accountDeleted(tx, email);
  }

  /** What is kept about the caller. */
  PersonalData data(Principal caller) {
    return database.read(
        sql -> {
          User user = people.caller(sql, caller);
          String id = user.id();
          return new PersonalData(
              UserView.of(user),
              people.accounts().list(sql, id),
              people.sessions().of(sql, id),
              people.passkeys().ofUser(sql, id).stream().map(PasskeyView::of).toList(),
              keys
                  .list(
                      sql,
                      new KeyStore.Query(
                          new KeyOwner("", id, false), KeyStore.Order.ID, true, MAX_EXPORTED, 0))
                  .stream()
                  .map(key -> KeyDetails.of(key, 0))
                  .toList(),
              organizations.membershipsOf(sql, id),
              people.audit().of(sql, id, MAX_EXPORTED).items());
        });
  }

  private void requireMayGo(Tx tx, User user) {
    if (user.isAdmin() && people.users().lockAdmins(tx).size() == 1) {
      throw ProblemException.conflict(
          "last-administrator", "The instance's only administrator cannot be deleted");
    }
    if (organizations.isLastOwnerOfShared(tx, user.id())) {
      throw ProblemException.conflict(
          "last-owner", "Give your organizations another owner, or delete them, before you go");
    }
  }
}
