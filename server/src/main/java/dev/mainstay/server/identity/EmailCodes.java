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
  private final KnownDevices devices;

  EmailCodes(
      Database database,
      InstantSource clock,
      People people,
      MagicLinks arrivals,
      EmailVerification emails,
      PasswordReset passwords,
      Lockout lockout,
      KnownDevices devices) {
    this.database = database;
    this.clock = clock;
    this.people = people;
    this.arrivals = arrivals;
    this.emails = emails;
    this.passwords = passwords;
    this.lockout = lockout;
    this.devices = devices;
  }

  /**
   * Who guesses at a code.
   *
   * @param email that the code was sent to
   * @param subject under which wrong guesses are counted
   * @param userId for whom the code must have been made; empty for whomever
   * @param known the user has signed in before in this browser
   */
  private record Guesser(String email, String subject, Optional<String> userId, boolean known) {}

  /**
   * Guesses in a browser that the user is known in are counted apart, as those at passwords are:
   * else strangers, who may guess at any address, would shut the owner out.
   */
  private Guesser guesser(String email, Optional<String> cookie) {
    Optional<User> user = database.read(sql -> people.users().byEmail(sql, email));
    String subject = devices.subject(email, user, cookie);
    return new Guesser(email, subject, Optional.empty(), !subject.equals(email));
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
      Guesser guesser,
      String code,
      boolean use,
      BiFunction<Tx, Verification, T> work) {
    lockout.count(guesser.subject());
    Verifications.Given given =
        new Verifications.Given(
            purpose, guesser.email(), code, use, guesser.userId(), guesser.known());
    Result<T> result =
        database.write(
            tx ->
                switch (people.verifications().guess(tx, given)) {
                  case Verifications.Guess.Wrong wrong -> new Failed<T>(wrong.problem());
                  case Verifications.Guess.Right right -> {
                    lockout.clear(tx, guesser.email());
                    lockout.clear(tx, guesser.subject());
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
        guesser(newcomer.email(), entry.known()),
        code,
        true,
        (tx, verification) ->
            arrivals
                .enter(tx, newcomer, entry, proof)
                .map(MagicLinks.Arrival::entrance)
                .orElseThrow(EmailCodes::invalid));
  }

  /**
   * @param known the cookie of {@link KnownDevices}
   */
  User verifyEmail(String email, String code, Optional<String> known, Proof proof) {
    return proved(
        Purpose.CODE_VERIFY_EMAIL,
        guesser(email, known),
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
  void check(Purpose purpose, String email, String code, Optional<String> known) {
    Optional<User> user =
        proved(
            purpose,
            guesser(email, known),
            code,
            false,
            (tx, verification) -> people.users().byEmail(tx.sql(), email));
    if (user.isEmpty()) {
      throw noUser();
    }
  }

  void resetPassword(
      String email, String code, String password, Optional<String> known, Proof proof) {
    String hash = passwords.prepared(password);
    boolean unused =
        proved(
            Purpose.CODE_RESET_PASSWORD,
            guesser(email, known),
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
          if (people.holder(tx.sql(), newEmail).isEmpty()) {
            people.letters().code(tx, newEmail, Purpose.CODE_CHANGE_EMAIL, code);
          }
        });
  }

  void change(Principal caller, String newEmail, String code, Client client) {
    // Neither the address nor another user's code has to do with what the caller guesses.
    Guesser guesser = new Guesser(newEmail, caller.userId(), Optional.of(caller.userId()), false);
    User unused =
        proved(
            Purpose.CODE_CHANGE_EMAIL,
            guesser,
            code,
            true,
            (tx, verification) -> {
              Registration.reserve(tx, newEmail);
              User user = people.lock(tx, caller);
              if (!people.free(tx, newEmail, user, client, clock.instant())) {
                throw invalid();
              }
              return emails.changeTo(tx, user, newEmail, client);
            });
  }
}
