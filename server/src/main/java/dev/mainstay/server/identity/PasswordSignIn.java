package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import java.time.InstantSource;
import java.util.Optional;

/** Signing up and in with an address and a password. */
final class PasswordSignIn {
  private final Database database;
  private final InstantSource clock;
  private final People people;
  private final PasswordHasher hasher;
  private final Lockout lockout;

  PasswordSignIn(
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

  /**
   * Makes an account, which has to be confirmed by mail before it can be used. The answer and the
   * time that it takes do not tell whether the address has an account.
   *
   * @param callback where the link in the mail leads
   */
  User signUp(Registration.Newcomer newcomer, String password, String callback, Client client) {
    PasswordRules.checkNew(password, newcomer.email());
    database.execute(tx -> people.registration().requireOpenTo(tx, newcomer.email()));
    String hash = hasher.hash(password);
    return database.write(
        tx -> {
          Registration.reserve(tx, newcomer.email());
          Optional<User> there = people.users().byEmail(tx.sql(), newcomer.email());
          if (there.isPresent()) {
            remind(tx, there.get(), callback);
            return people.registration().drawn(newcomer);
          }
          User user = people.registration().create(tx, newcomer, client);
          people.accounts().setPassword(tx, user.id(), hash, clock.instant());
          people.sendVerification(tx, user, callback);
          return user;
        });
  }

  private void remind(Tx tx, User user, String callback) {
    if (user.emailVerified()) {
      people.letters().accountExists(tx, user.address());
    } else {
      people.sendVerification(tx, user, callback);
    }
  }

  /**
   * Opens a session, or asks for a second factor.
   *
   * @throws ProblemException 401 for a wrong address as for a wrong password, 403 if the address
   *     was not confirmed, 429 after too many wrong ones
   */
  Entrance signIn(String email, String password, Sessions.Entry entry) {
    PasswordRules.checkLength(password);
    lockout.count(email);
    Optional<User> user = database.read(sql -> people.users().byEmail(sql, email));
    Optional<String> hash =
        user.flatMap(one -> database.read(sql -> people.accounts().passwordHash(sql, one.id())));
    if (hash.isEmpty()) {
      hasher.pretend(password);
      throw wrong();
    }
    if (!hasher.matches(password, hash.get())) {
      database.execute(
          tx ->
              people
                  .audit()
                  .record(
                      tx,
                      AuditLog.Act.of("sign-in-failed", user.orElseThrow().id(), entry.client())));
      throw wrong();
    }
    return database.write(tx -> enter(tx, user.orElseThrow().id(), hash.get(), entry));
  }

  /** With the password that was right a moment ago, if it still is the user's. */
  private Entrance enter(Tx tx, String userId, String hash, Sessions.Entry entry) {
    User user = people.users().lock(tx, userId).orElseThrow(PasswordSignIn::wrong);
    if (!people.accounts().passwordHash(tx.sql(), userId).equals(Optional.of(hash))) {
      throw wrong();
    }
    if (!user.emailVerified()) {
      throw ProblemException.of(
          "email-not-verified", "Address not confirmed", 403, "Email not verified");
    }
    Entrance entrance = people.gate().enter(tx, user, entry);
    if (entrance instanceof Entrance.Opened) {
      // Else who knows the password could guess at the second factor for ever.
      lockout.clear(tx, user.address());
    }
    return entrance;
  }

  private static ProblemException wrong() {
    return ProblemException.of(
        "invalid-email-or-password", "Sign-in failed", 401, "Invalid email or password");
  }
}
