package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Principal;
import java.time.InstantSource;
import java.util.Optional;

/** Confirming an address, and changing it. */
final class EmailVerification {
  private final Database database;
  private final InstantSource clock;
  private final People people;

  EmailVerification(Database database, InstantSource clock, People people) {
    this.database = database;
    this.clock = clock;
    this.people = people;
  }

  /**
   * Sends the link again. For somebody who is not signed in the answer does not tell whether there
   * is such a user.
   */
  void send(Optional<Principal> caller, String email, String callback) {
    if (caller.isEmpty()) {
      database.execute(
          tx ->
              people
                  .users()
                  .byEmail(tx.sql(), email)
                  .filter(user -> !user.emailVerified())
                  .ifPresentOrElse(
                      user -> people.sendVerification(tx, user, callback),
                      () -> pretend(tx, email)));
      return;
    }
    database.execute(
        tx -> {
          User user = people.caller(tx.sql(), caller.get());
          if (!user.email().equals(Optional.of(email))) {
            throw PasswordRules.invalid("email-mismatch", "Email mismatch");
          }
          if (user.emailVerified()) {
            throw PasswordRules.invalid("email-already-verified", "Email is already verified");
          }
          people.sendVerification(tx, user, callback);
        });
  }

  /** A write that takes as long as the one that is made for a user. */
  private void pretend(Tx tx, String email) {
    String unused =
        people
            .verifications()
            .newLink(tx, Verification.Request.of(Purpose.VERIFY_EMAIL, email, Optional.empty()));
  }

  /** What a link has done. */
  record Verified(Optional<User> changed) {}

  /**
   * Does what the link in a mail says: confirms an address, or goes on with a change of it. The
   * link that confirms an address may be opened again, since what reads mail before people do opens
   * links too.
   *
   * @throws ProblemException 401 if the link is not valid, or not valid any more
   */
  Verified verify(String token, String callback, Optional<Principal> caller, Client client) {
    return database.write(
        tx -> {
          Optional<Verification> first =
              people.verifications().findLink(tx.sql(), Purpose.VERIFY_EMAIL, token);
          if (first.isPresent()) {
            confirm(tx, first.get(), client);
            return new Verified(Optional.empty());
          }
          Optional<Verification> agreed =
              people.verifications().takeLink(tx, Purpose.CONFIRM_NEW_EMAIL, token);
          if (agreed.isPresent()) {
            askNewAddress(
                tx, userOf(tx, agreed.get(), caller), agreed.get().data().orElseThrow(), callback);
            return new Verified(Optional.empty());
          }
          Verification proved =
              people
                  .verifications()
                  .takeLink(tx, Purpose.VERIFY_NEW_EMAIL, token)
                  .orElseThrow(EmailVerification::notValid);
          return new Verified(Optional.of(change(tx, proved, caller, client)));
        });
  }

  private void confirm(Tx tx, Verification verification, Client client) {
    User user =
        verification
            .userId()
            .flatMap(id -> people.users().lock(tx, id))
            .filter(one -> one.email().equals(Optional.of(verification.email())))
            .orElseThrow(EmailVerification::notValid);
    if (!user.emailVerified()) {
      people.confirm(tx, user.id(), user.address(), client, clock.instant());
      people.audit().record(tx, AuditLog.Act.of("email-verified", user.id(), client));
    }
  }

  private User userOf(Tx tx, Verification verification, Optional<Principal> caller) {
    User user =
        verification
            .userId()
            .flatMap(id -> people.users().lock(tx, id))
            .orElseThrow(EmailVerification::notValid);
    if (caller.isPresent() && !caller.get().userId().equals(user.id())) {
      throw ProblemException.of("invalid-user", "Link not valid", 401, "Invalid user");
    }
    return user;
  }

  private void askNewAddress(Tx tx, User user, String newEmail, String callback) {
    String token =
        people
            .verifications()
            .newLink(
                tx, Verification.Request.of(Purpose.VERIFY_NEW_EMAIL, newEmail, Optional.of(user)));
    people.letters().verifyNewEmail(tx, newEmail, token, callback);
  }

  private User change(Tx tx, Verification verification, Optional<Principal> caller, Client client) {
    String email = verification.email();
    Registration.reserve(tx, email);
    User user = userOf(tx, verification, caller);
    if (people.users().byEmail(tx.sql(), email).isPresent()) {
      throw notValid();
    }
    return changeTo(tx, user, email, client);
  }

  /** Gives a user an address that they have proved to read. */
  User changeTo(Tx tx, User user, String email, Client client) {
    people.verifications().deleteAll(tx, user.id());
    people.confirm(tx, user.id(), email, client, clock.instant());
    people.audit().record(tx, AuditLog.Act.of("email-changed", user.id(), client));
    user.email()
        .filter(old -> user.emailVerified())
        .ifPresent(
            old ->
                people
                    .letters()
                    .notice(
                        tx,
                        old,
                        "Your e-mail address was changed",
                        "Your account has another e-mail address now."));
    return people.users().byId(tx, user.id()).orElseThrow();
  }

  /**
   * Begins a change of address: the present one is asked, if there is one that was confirmed, then
   * the new one. Whether another account has the new one is not told.
   */
  void requestChange(Principal caller, String newEmail, String callback) {
    database.execute(
        tx -> {
          User user = people.caller(tx.sql(), caller);
          if (user.email().equals(Optional.of(newEmail))) {
            throw PasswordRules.invalid("same-email", "Email is the same");
          }
          if (people.users().byEmail(tx.sql(), newEmail).isPresent()) {
            pretend(tx, newEmail);
          } else if (user.emailVerified()) {
            String token =
                people
                    .verifications()
                    .newLink(
                        tx,
                        Verification.Request.of(
                                Purpose.CONFIRM_NEW_EMAIL, user.address(), Optional.of(user))
                            .with(newEmail));
            people.letters().confirmNewEmail(tx, user.address(), newEmail, token, callback);
          } else {
            askNewAddress(tx, user, newEmail, callback);
          }
        });
  }

  private static ProblemException notValid() {
    return ProblemException.of("invalid-token", "Link not valid", 401, "Invalid token");
  }
}
