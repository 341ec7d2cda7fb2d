package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Principal;
import java.time.Instant;
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

  /** What a link has done, or why it has done nothing. */
  sealed interface Verified {
    /**
     * An address is confirmed.
     *
     * @param passwordToken of a link that sets a password, if the account has none
     */
    record Confirmed(User user, Optional<String> passwordToken) implements Verified {}

    /** The present address agrees to another one, which is asked now. */
    record Agreed() implements Verified {}

    /** The account has another address. */
    record Changed(User user) implements Verified {}

    /** Nothing happened: anybody, and any program, may have opened the link. */
    record Unproved() implements Verified {}
  }

  /**
   * A link of a mail is opened.
   *
   * @param callback where the link of the next mail leads, if there is one
   * @param pressed whether somebody has pressed a button, which programs that read mail do not
   */
  record Opening(String token, String callback, boolean pressed, Proof proof) {}

  /**
   * Does what the link in a mail says: confirms an address, or goes on with a change of it. Opened
   * without a button, it does so only for whoever is known in that browser: who signed up there, or
   * is signed in. The link that confirms an address may be opened again.
   *
   * @throws ProblemException 401 if the link is not valid, or not valid any more, or if an address
   *     is to be changed and its user is not signed in
   */
  Verified verify(Opening opening) {
    return database.write(
        tx -> {
          Optional<Verification> first =
              people.verifications().findLink(tx.sql(), Purpose.VERIFY_EMAIL, opening.token());
          if (first.isPresent()) {
            return confirm(tx, first.get(), opening);
          }
          Optional<Verification> agreed =
              people.verifications().findLink(tx.sql(), Purpose.CONFIRM_NEW_EMAIL, opening.token());
          return agreed.isPresent() ? agree(tx, agreed.get(), opening) : change(tx, opening);
        });
  }

  private Verified confirm(Tx tx, Verification verification, Opening opening) {
    User user =
        verification
            .userId()
            .flatMap(id -> people.users().lock(tx, id))
            .filter(one -> one.email().equals(Optional.of(verification.email())))
            .orElseThrow(EmailVerification::notValid);
    if (user.emailVerified()) {
      return new Verified.Confirmed(user, Optional.empty());
    }
    Proof proof = opening.proof();
    if (!opening.pressed() && !people.isTheirs(tx.sql(), user, proof)) {
      return new Verified.Unproved();
    }
    User proved = people.proved(tx, user, proof, clock.instant());
    people.audit().record(tx, AuditLog.Act.of("email-verified", user.id(), proof.client()));
    boolean hasPassword = people.accounts().passwordHash(tx.sql(), user.id()).isPresent();
    return new Verified.Confirmed(
        proved,
        hasPassword || proof.isBy(user)
            ? Optional.empty()
            : Optional.of(
                people
                    .verifications()
                    .newLink(
                        tx,
                        Verification.Request.of(
                            Purpose.RESET_PASSWORD, user.address(), Optional.of(user)))));
  }

  private Verified agree(Tx tx, Verification found, Opening opening) {
    User user = userOf(tx, found, opening.proof());
    if (!opening.pressed() && !opening.proof().isBy(user)) {
      return new Verified.Unproved();
    }
    Verification agreed =
        people
            .verifications()
            .takeLink(tx, Purpose.CONFIRM_NEW_EMAIL, opening.token())
            .orElseThrow(EmailVerification::notValid);
    askNewAddress(tx, user, agreed.data().orElseThrow(), opening.callback());
    return new Verified.Agreed();
  }

  /**
   * Who is asked to read a new address must be signed in: else anybody could have a stranger press
   * a button, and have the stranger's address.
   */
  private Verified change(Tx tx, Opening opening) {
    Verification found =
        people
            .verifications()
            .findLink(tx.sql(), Purpose.VERIFY_NEW_EMAIL, opening.token())
            .orElseThrow(EmailVerification::notValid);
    String email = found.email();
    Registration.reserve(tx, email);
    User user = userOf(tx, found, opening.proof());
    if (!opening.proof().isBy(user)) {
      if (!opening.pressed()) {
        return new Verified.Unproved();
      }
      throw ProblemException.of(
          "sign-in-required",
          "Sign in first",
          401,
          "Sign in to the account whose address is to change, and confirm again");
    }
    Client client = opening.proof().client();
    if (people.verifications().takeLink(tx, Purpose.VERIFY_NEW_EMAIL, opening.token()).isEmpty()
        || !people.free(tx, email, user, client, clock.instant())) {
      throw notValid();
    }
    return new Verified.Changed(changeTo(tx, user, email, client));
  }

  private User userOf(Tx tx, Verification verification, Proof proof) {
    User user =
        verification
            .userId()
            .flatMap(id -> people.users().lock(tx, id))
            .orElseThrow(EmailVerification::notValid);
    if (proof.caller().isPresent() && !proof.isBy(user)) {
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

  /** Gives a user, who is signed in, an address that they have proved to read. */
  User changeTo(Tx tx, User user, String email, Client client) {
    people.verifications().deleteAll(tx, user.id());
    User changed = people.provedTo(tx, user, email, client, clock.instant());
    people.audit().record(tx, AuditLog.Act.of("email-changed", user.id(), client));
    if (user.emailVerified()) {
      String token =
          people
              .verifications()
              .newLink(
                  tx,
                  Verification.Request.of(
                      Purpose.RESTORE_EMAIL, user.address(), Optional.of(user)));
      people.letters().emailChanged(tx, user.address(), token);
    }
    return changed;
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
          if (people.holder(tx.sql(), newEmail).isPresent()) {
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

  /**
   * Takes a change of address back, by the link that its former mailbox got. Whoever changed the
   * address may know the password and have added ways in since, so the account is left with what
   * its mailbox proves: sessions, password, linked accounts and keys that are younger than the
   * change end, and so does the second factor if it was set up since. The link of a change before
   * this one stays good.
   *
   * @return the token of a link that sets a password
   */
  String restore(String token, Client client) {
    return database.write(
        tx -> {
          Verification found =
              people
                  .verifications()
                  .takeLink(tx, Purpose.RESTORE_EMAIL, token)
                  .orElseThrow(EmailVerification::notValid);
          Registration.reserve(tx, found.email());
          User user =
              found
                  .userId()
                  .flatMap(id -> people.users().lock(tx, id))
                  .orElseThrow(EmailVerification::notValid);
          Instant now = clock.instant();
          if (!people.free(tx, found.email(), user, client, now)) {
            throw ProblemException.conflict(
                "email-is-taken", "Another account has this address by now");
          }
          people.forgetSince(tx, user, found.createdAt(), now);
          // The mail was read when the address changed: it is no proof that lets anybody join
          // today.
          people.users().setEmail(tx, user.id(), found.email(), true, now);
          people.audit().record(tx, AuditLog.Act.of("email-restored", user.id(), client));
          user.email()
              .filter(email -> !email.equals(found.email()))
              .ifPresent(
                  email ->
                      people
                          .letters()
                          .notice(
                              tx,
                              email,
                              "Your e-mail address was changed",
                              "The account that had this address has its former one again."));
          return people
              .verifications()
              .newLink(
                  tx,
                  Verification.Request.of(
                      Purpose.RESET_PASSWORD, found.email(), Optional.of(user)));
        });
  }

  private static ProblemException notValid() {
    return ProblemException.of("invalid-token", "Link not valid", 401, "Invalid token");
  }
}
