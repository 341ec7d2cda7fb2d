package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Signing up and in with an address and a password. */
final class PasswordSignIn {
  private final Database database;
  private final InstantSource clock;
  private final People people;
  private final PasswordHasher hasher;
  private final Lockout lockout;
  private final KnownDevices devices;

  PasswordSignIn(
      Database database,
      InstantSource clock,
      People people,
      PasswordHasher hasher,
      Lockout lockout,
      KnownDevices devices) {
    this.database = database;
    this.clock = clock;
    this.people = people;
    this.hasher = hasher;
    this.lockout = lockout;
    this.devices = devices;
  }

  /**
   * Makes an account, which has to be confirmed by mail before it can be used. The answer and the
   * time that it takes do not tell whether the address has an account.
   *
   * @param callback where the link in the mail leads
   * @param browser the secret of the browser that asks
   */
  User signUp(
      Registration.Newcomer newcomer,
      String password,
      String callback,
      String browser,
      Client client) {
    PasswordRules.checkNew(password, newcomer.email());
    boolean open = database.write(tx -> people.registration().isOpenTo(tx, newcomer.email()));
    people.registration().requireOpen();
    String hash = hasher.hash(password);
    if (!open) {
      // As for everybody else: the answer does not tell who is invited, or has an account.
      database.execute(tx -> people.letters().signUpByInvitation(tx, newcomer.email()));
      return people.registration().drawn(newcomer);
    }
    return database.write(
        tx -> {
          Registration.reserve(tx, newcomer.email());
          Optional<User> there = people.users().byEmail(tx.sql(), newcomer.email());
          PasswordOrigin origin = PasswordOrigin.browser(Ids.hash(browser));
          if (there.isPresent()) {
            replacePending(tx, there.get(), newcomer, hash, origin);
            remind(tx, there.get(), callback);
            return people.registration().drawn(newcomer);
          }
          User user = people.registration().create(tx, newcomer, client);
          people.accounts().setPassword(tx, user.id(), hash, origin, clock.instant());
          people.sendVerification(tx, user, callback);
          return user;
        });
  }

  /**
   * A sign-up that waits for its confirmation gives way to the next: nobody has proved anything. An
   * account in which somebody was does not, also if its address waits to be confirmed again.
   */
  private void replacePending(
      Tx tx, User there, Registration.Newcomer newcomer, String hash, PasswordOrigin origin) {
    boolean pending =
        people
            .users()
            .lock(tx, there.id())
            .filter(user -> people.isPending(tx.sql(), user))
            .isPresent();
    if (pending) {
      Instant now = clock.instant();
      people.accounts().setPassword(tx, there.id(), hash, origin, now);
      people.users().setProfile(tx, there.id(), newcomer.name(), newcomer.image(), now);
    }
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
    Optional<User> user = database.read(sql -> people.users().byEmail(sql, email));
    String subject = devices.subject(email, user, entry.known());
    lockout.count(subject);
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
    return database.write(tx -> enter(tx, user.orElseThrow().id(), hash.get(), subject, entry));
  }

  /** With the password that was right a moment ago, if it still is the user's. */
  private Entrance enter(Tx tx, String userId, String hash, String subject, Sessions.Entry entry) {
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
      lockout.clear(tx, subject);
    }
    return entrance;
  }

  private static ProblemException wrong() {
    return ProblemException.of(
        "invalid-email-or-password", "Sign-in failed", 401, "Invalid email or password");
  }
}
