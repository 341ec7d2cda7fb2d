package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Principal;
import java.time.InstantSource;
import java.util.Optional;

/** Setting a new password: with the old one, or by mail. */
final class PasswordReset {
  private final Database database;
  private final InstantSource clock;
  private final People people;
  private final PasswordHasher hasher;
  private final Lockout lockout;

  PasswordReset(
      Database database,
      InstantSource clock,
      People people,
      PasswordHasher hasher,
      Lockout lockout) {
    this.database = database;
    this.clock = clock;
    this.people = people;
    this.hasher = hasher;
    this.lockout = lockout;
  }

  /** Sends a link, if there is such a user, which the answer does not tell. */
  void request(String email, Optional<String> redirect) {
    database.execute(
        tx -> {
          Optional<User> user = people.users().byEmail(tx.sql(), email);
          String token =
              people
                  .verifications()
                  .newLink(tx, Verification.Request.of(Purpose.RESET_PASSWORD, email, user));
          if (user.isPresent()) {
            people.letters().resetPassword(tx, email, token, redirect);
          }
        });
  }

  boolean isValid(String token) {
    return database.read(
        sql ->
            people
                .verifications()
                .findLink(sql, Purpose.RESET_PASSWORD, token)
                .flatMap(Verification::userId)
                .isPresent());
  }

  /** Sets a new password by a link. Whoever was signed in is so no longer. */
  void reset(String token, String password, Proof proof) {
    PasswordRules.checkNew(password);
    if (!isValid(token)) {
      throw notValid();
    }
    String hash = hasher.hash(password);
    database.execute(
        tx -> {
          Verification verification =
              people
                  .verifications()
                  .takeLink(tx, Purpose.RESET_PASSWORD, token)
                  .orElseThrow(PasswordReset::notValid);
          set(tx, verification, hash, proof);
        });
  }

  /** Sets a new password for whoever has proved to read an address. */
  void set(Tx tx, Verification verification, String hash, Proof proof) {
    User user =
        verification
            .userId()
            .flatMap(id -> people.users().lock(tx, id))
            .filter(one -> one.email().equals(Optional.of(verification.email())))
            .orElseThrow(PasswordReset::notValid);
    User unused = people.proved(tx, user, proof, clock.instant());
    people.accounts().setPassword(tx, user.id(), hash, PasswordOrigin.NONE, clock.instant());
    people.sessions().endAll(tx, user.id());
    people.verifications().deleteAll(tx, user.id());
    lockout.clear(tx, user.address());
    changed(tx, user, proof.client());
    people.gate().passwordSetByMail(tx, user.id());
  }

  private void changed(Tx tx, User user, Client client) {
    people.gate().passwordChanged(tx, user.id());
    people.audit().record(tx, AuditLog.Act.of("password-changed", user.id(), client));
    user.email()
        .ifPresent(
            email ->
                people
                    .letters()
                    .notice(
                        tx,
                        email,
                        "Your password was changed",
                        "The password of your account was changed."));
  }

  /** The hash of a password that is to be set by another proof. */
  String prepared(String password) {
    PasswordRules.checkNew(password);
    return hasher.hash(password);
  }

  /**
   * Whether it is the caller's password.
   *
   * @throws ProblemException 400 if it is not, or there is none, 429 after too many wrong ones
   */
  void verify(Principal caller, String password) {
    PasswordRules.checkLength(password);
    lockout.count(caller.userId());
    String hash =
        database
            .read(sql -> people.accounts().passwordHash(sql, caller.userId()))
            .orElseThrow(
                () ->
                    PasswordRules.invalid(
                        "credential-account-not-found", "Credential account not found"));
    if (!hasher.matches(password, hash)) {
      throw PasswordRules.invalid("invalid-password", "Invalid password");
    }
    database.execute(tx -> lockout.clear(tx, caller.userId()));
  }

  /**
   * Sets a new password with the old one.
   *
   * @param endOthers ends all sessions; the answer has a new one then
   */
  Optional<Sessions.Opened> change(
      Principal caller, String old, String password, boolean endOthers, Client client) {
    PasswordRules.checkNew(password);
    verify(caller, old);
    String hash = hasher.hash(password);
    return database.write(
        tx -> {
          User user = people.lock(tx, caller);
          people.accounts().setPassword(tx, user.id(), hash, PasswordOrigin.NONE, clock.instant());
          changed(tx, user, client);
          if (!endOthers) {
            return Optional.empty();
          }
          people.sessions().endAll(tx, user.id());
          return Optional.of(
              people.sessions().open(tx, user, Sessions.Entry.by("password", client)));
        });
  }

  /** Gives the caller, who has none, a password. */
  void setFirst(Principal caller, String password, Client client) {
    String hash = prepared(password);
    database.execute(
        tx -> {
          User user = people.lock(tx, caller);
          if (people.accounts().passwordHash(tx.sql(), user.id()).isPresent()) {
            throw PasswordRules.invalid("password-already-set", "User already has a password set");
          }
          people.accounts().setPassword(tx, user.id(), hash, PasswordOrigin.NONE, clock.instant());
          changed(tx, user, client);
        });
  }

  private static ProblemException notValid() {
    return PasswordRules.invalid("invalid-token", "Invalid token");
  }
}
