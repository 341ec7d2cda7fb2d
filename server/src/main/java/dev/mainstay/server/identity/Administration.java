package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What administrators of the instance do to users. Every act is in the audit log. */
final class Administration {
  private final Database database;
  private final InstantSource clock;
  private final People people;
  private final PasswordReset passwords;
  private final Profile profile;

  Administration(
      Database database,
      InstantSource clock,
      People people,
      PasswordReset passwords,
      Profile profile) {
    this.database = database;
    this.clock = clock;
    this.people = people;
    this.passwords = passwords;
    this.profile = profile;
  }

  /** Users, and how many there are in all. */
  record Found(List<User> users, int total) {}

  Found list(UserQueryStore.UserQuery query) {
    return database.read(
        sql ->
            new Found(
                people.users().list(sql, query), people.users().count(sql, query.condition())));
  }

  User get(String id) {
    return people.users().byId(database, id).orElseThrow(Administration::noUser);
  }

  /** A user that an administrator makes. */
  record NewUser(
      String email, Optional<String> password, String name, String role, @Nullable String image) {}

  /** Makes a user, who confirms the address by the mail that is sent. */
  User create(Principal admin, NewUser wanted, Client client) {
    Optional<String> hash = wanted.password().map(passwords::prepared);
    return database.write(
        tx -> {
          Registration.reserve(tx, wanted.email());
          if (people.users().byEmail(tx.sql(), wanted.email()).isPresent()) {
            throw PasswordRules.invalid(
                "user-already-exists-use-another-email", "User already exists. Use another email.");
          }
          User user =
              people
                  .registration()
                  .create(
                      tx,
                      new Registration.Newcomer(
                          wanted.email(), false, wanted.name(), wanted.image()),
                      client);
          hash.ifPresent(
              text ->
                  people
                      .accounts()
                      .setPassword(
                          tx, user.id(), text, PasswordOrigin.ADMINISTRATOR, clock.instant()));
          people.users().setRole(tx, user.id(), wanted.role(), clock.instant());
          people.sendVerification(tx, user, "/");
          record(tx, admin, "user-made", user.id(), client);
          return people.users().byId(tx, user.id()).orElseThrow();
        });
  }

  private void record(Tx tx, Principal admin, String action, String userId, Client client) {
    people.audit().record(tx, AuditLog.Act.by(admin, action, client).target("user", userId));
  }

  /** Changes a user under a lock, and writes it down. */
  private User change(
      Principal admin, String userId, String action, Client client, BiConsumer<Tx, User> work) {
    return database.write(
        tx -> {
          User user = people.users().lock(tx, userId).orElseThrow(Administration::noUser);
          work.accept(tx, user);
          record(tx, admin, action, userId, client);
          return people.users().byId(tx, userId).orElse(user);
        });
  }

  User setRole(Principal admin, String userId, String role, Client client) {
    return change(
        admin,
        userId,
        "role-set",
        client,
        (tx, user) -> {
          boolean steppingDown = user.isAdmin() && !role.equals(User.ADMIN);
          if (steppingDown && people.users().lockAdmins(tx).size() == 1) {
            throw ProblemException.conflict(
                "last-administrator", "The instance needs an administrator");
          }
          people.users().setRole(tx, userId, role, clock.instant());
        });
  }

  /**
   * Changes what is given.
   *
   * @param verified whether the address counts as confirmed
   */
  record Changes(
      Optional<String> name,
      Optional<String> image,
      Optional<String> email,
      Optional<Boolean> verified) {}

  User update(Principal admin, String userId, Changes changes, Client client) {
    return change(
        admin,
        userId,
        "user-updated",
        client,
        (tx, user) -> {
          Instant now = clock.instant();
          people
              .users()
              .setProfile(
                  tx,
                  userId,
                  changes.name().orElse(user.name()),
                  changes.image().orElse(user.image()),
                  now);
          setEmail(tx, user, changes, now);
        });
  }

  private void setEmail(Tx tx, User user, Changes changes, Instant now) {
    Optional<String> email = changes.email().or(user::email);
    if (email.isEmpty() || (changes.email().isEmpty() && changes.verified().isEmpty())) {
      return;
    }
    Registration.reserve(tx, email.get());
    Optional<User> there = people.users().byEmail(tx.sql(), email.get());
    if (there.filter(other -> !other.id().equals(user.id())).isPresent()) {
      throw PasswordRules.invalid(
          "user-already-exists-use-another-email", "User already exists. Use another email.");
    }
    boolean same = email.equals(user.email());
    boolean verified = changes.verified().orElse(same && user.emailVerified());
    people.verifications().deleteAll(tx, user.id());
    people.users().setEmail(tx, user.id(), email.get(), verified, now);
  }

  User ban(
      Principal admin,
      String userId,
      Optional<String> reason,
      Optional<Duration> life,
      Client client) {
    return change(
        admin,
        userId,
        "user-banned",
        client,
        (tx, user) -> {
          if (userId.equals(admin.userId())) {
            throw PasswordRules.invalid("you-cannot-ban-yourself", "You cannot ban yourself");
          }
          @Nullable Instant until = life.map(clock.instant()::plus).orElse(null);
          people
              .users()
              .setBan(
                  tx,
                  userId,
                  new User.Ban(true, reason.orElse("No reason"), until),
                  clock.instant());
          people.sessions().endAll(tx, userId);
        });
  }

  User unban(Principal admin, String userId, Client client) {
    return change(
        admin,
        userId,
        "user-unbanned",
        client,
        (tx, user) -> {
          people.users().setBan(tx, userId, User.Ban.NONE, clock.instant());
        });
  }

  void setPassword(Principal admin, String userId, String password, Client client) {
    String hash = passwords.prepared(password);
    User unused =
        change(
            admin,
            userId,
            "password-set",
            client,
            (tx, user) -> {
              people
                  .accounts()
                  .setPassword(tx, userId, hash, PasswordOrigin.ADMINISTRATOR, clock.instant());
              people.gate().passwordChanged(tx, userId);
              people.sessions().endAll(tx, userId);
              people.verifications().deleteAll(tx, userId);
            });
  }

  /**
   * Takes every second factor off somebody who has lost theirs; they set up another one. Their
   * sessions end.
   */
  User resetTwoFactor(Principal admin, String userId, Client client) {
    if (userId.equals(admin.userId())) {
      // Who has come into a session must not come by its second factor like this.
      throw ProblemException.forbidden("Your own second factor is turned off in your account");
    }
    return change(
        admin,
        userId,
        "two-factor-reset",
        client,
        (tx, user) -> {
          people.gate().forget(tx, userId);
          people.users().setTwoFactorEnabled(tx, userId, false, clock.instant());
          people.sessions().endAll(tx, userId);
          user.email()
              .ifPresent(
                  email ->
                      people
                          .letters()
                          .notice(
                              tx,
                              email,
                              "Two-factor authentication was reset",
                              "An administrator has turned off two-factor authentication for your account."));
        });
  }

  void endSessions(Principal admin, String userId, Client client) {
    database.execute(
        tx -> {
          people.sessions().endAll(tx, userId);
          record(tx, admin, "sessions-ended", userId, client);
        });
  }

  void endSession(Principal admin, String id, Client client) {
    database.execute(
        tx ->
            people
                .sessions()
                .end(tx, id)
                .ifPresent(
                    session -> record(tx, admin, "session-ended", session.userId(), client)));
  }

  void remove(Principal admin, String userId, Client client) {
    if (userId.equals(admin.userId())) {
      throw PasswordRules.invalid("you-cannot-remove-yourself", "You cannot remove yourself");
    }
    database.execute(
        tx -> {
          if (people.users().byId(tx, userId).isEmpty()) {
            throw noUser();
          }
          record(tx, admin, "user-removed", userId, client);
          profile.delete(tx, userId, client);
        });
  }

  /** A session in somebody's name. */
  record Impersonation(Sessions.Opened session, User user) {}

  Impersonation impersonate(Principal admin, String userId, Client client) {
    return database.write(
        tx -> {
          User user = people.users().lock(tx, userId).orElseThrow(Administration::noUser);
          if (user.isAdmin()) {
            throw ProblemException.of(
                "you-cannot-impersonate-admins",
                "Not allowed",
                403,
                "You cannot impersonate admins");
          }
          if (user.ban().holds(clock.instant())) {
            throw ProblemException.conflict(
                "user-is-banned", "Nobody acts in the name of somebody who is banned");
          }
          record(tx, admin, "impersonation-started", userId, client);
          return new Impersonation(people.sessions().impersonate(tx, user, admin, client), user);
        });
  }

  /** Ends the session in somebody's name, of an administrator who goes back to their own. */
  void stopImpersonating(Principal impersonating, Client client) {
    database.execute(
        tx -> {
          Optional<Session> unused = people.sessions().end(tx, impersonating.credentialId());
          record(tx, impersonating, "impersonation-stopped", impersonating.userId(), client);
        });
  }

  static ProblemException noUser() {
    return ProblemException.of("user-not-found", "Not found", 404, "User not found");
  }
}
