package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Principal;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiFunction;

/** Codes of six digits that are sent by mail: to sign in, to confirm an address, to change it. */
final class EmailCodes {
  private final Database database;
  private final InstantSource clock;
  private final People people;
  private final MagicLinks arrivals;
  private final EmailVerification emails;
  private final PasswordReset passwords;
  private final Lockout lockout;

  EmailCodes(
      Database database,
      InstantSource clock,
      People people,
      MagicLinks arrivals,
      EmailVerification emails,
      PasswordReset passwords,
      Lockout lockout) {
    this.database = database;
    this.clock = clock;
    this.people = people;
    this.arrivals = arrivals;
    this.emails = emails;
    this.passwords = passwords;
    this.lockout = lockout;
  }

  /** Sends a code to whom it is of use; the answer does not tell whether it was. */
  void send(Purpose purpose, String email) {
    database.execute(
        tx -> {
          Optional<User> user = people.users().byEmail(tx.sql(), email);
          String code =
              people.verifications().newCode(tx, Verification.Request.of(purpose, email, user));
          boolean newcomer =
              purpose == Purpose.CODE_SIGN_IN && people.registration().isOpenTo(tx, email);
          if (user.isPresent() || newcomer) {
            people.letters().code(tx, email, purpose, code);
          }
        });
  }

  /** Runs {@code work} if the code is right. A wrong guess counts, whatever the work does. */
  private <T> T proved(
      Purpose purpose,
      String email,
      String code,
      boolean use,
      BiFunction<Tx, Verification, T> work) {
    lockout.count(email);
    Result<T> result =
        database.write(
            tx ->
                switch (people.verifications().guess(tx, purpose, email, code, use)) {
                  case Verifications.Guess.Wrong wrong -> new Failed<T>(wrong.problem());
                  case Verifications.Guess.Right right -> {
                    lockout.clear(tx, email);
                    yield new Done<>(work.apply(tx, right.verification()));
                  }
                });
    return switch (result) {
      case Done<T> done -> done.value();
      case Failed<T> failed -> throw failed.problem();
    };
  }

  /** A thrown problem would take the count of guesses back with the transaction. */
  private sealed interface Result<T> {}

  private record Done<T>(T value) implements Result<T> {}

  private record Failed<T>(ProblemException problem) implements Result<T> {}

  private static ProblemException invalid() {
    return PasswordRules.invalid("invalid-otp", "Invalid OTP");
  }

  private static ProblemException noUser() {
    return PasswordRules.invalid("user-not-found", "User not found");
  }

  Entrance signIn(String code, Registration.Newcomer newcomer, Sessions.Entry entry, Proof proof) {
    return proved(
        Purpose.CODE_SIGN_IN,
        newcomer.email(),
        code,
        true,
        (tx, verification) ->
            arrivals
                .enter(tx, newcomer, entry, proof)
                .map(MagicLinks.Arrival::entrance)
                .orElseThrow(EmailCodes::invalid));
  }

  User verifyEmail(String email, String code, Proof proof) {
    return proved(
        Purpose.CODE_VERIFY_EMAIL,
        email,
        code,
        true,
        (tx, verification) -> {
          User user =
              people
                  .users()
                  .byEmail(tx.sql(), email)
                  .flatMap(one -> people.users().lock(tx, one.id()))
                  .orElseThrow(EmailCodes::noUser);
          if (!user.emailVerified()) {
            people.audit().record(tx, AuditLog.Act.of("email-verified", user.id(), proof.client()));
          }
          return people.proved(tx, user, proof, clock.instant());
        });
  }

  /** Whether a code is right, without using it up. */
  void check(Purpose purpose, String email, String code) {
    Optional<User> user =
        proved(
            purpose,
            email,
            code,
            false,
            (tx, verification) -> people.users().byEmail(tx.sql(), email));
    if (user.isEmpty()) {
      throw noUser();
    }
  }

  void resetPassword(String email, String code, String password, Proof proof) {
    String hash = passwords.prepared(password);
    boolean unused =
        proved(
            Purpose.CODE_RESET_PASSWORD,
            email,
            code,
            true,
            (tx, verification) -> {
              if (verification.userId().isEmpty()) {
                throw noUser();
              }
              passwords.set(tx, verification, hash, proof);
              return true;
            });
  }

  /** Sends a code to the address that the caller's account is to have. */
  void requestChange(Principal caller, String newEmail) {
    database.execute(
        tx -> {
          User user = people.caller(tx.sql(), caller);
          if (user.email().equals(Optional.of(newEmail))) {
            throw PasswordRules.invalid("same-email", "Email is the same");
          }
          String code =
              people
                  .verifications()
                  .newCode(
                      tx,
                      Verification.Request.of(
                          Purpose.CODE_CHANGE_EMAIL, newEmail, Optional.of(user)));
          if (people.users().byEmail(tx.sql(), newEmail).isEmpty()) {
            people.letters().code(tx, newEmail, Purpose.CODE_CHANGE_EMAIL, code);
          }
        });
  }

  void change(Principal caller, String newEmail, String code, Client client) {
    User unused =
        proved(
            Purpose.CODE_CHANGE_EMAIL,
            newEmail,
            code,
            true,
            (tx, verification) -> {
              if (!verification.userId().equals(Optional.of(caller.userId()))) {
                throw invalid();
              }
              Registration.reserve(tx, newEmail);
              if (people.users().byEmail(tx.sql(), newEmail).isPresent()) {
                throw invalid();
              }
              User user = people.users().lock(tx, caller.userId()).orElseThrow();
              return emails.changeTo(tx, user, newEmail, client);
            });
  }
}
