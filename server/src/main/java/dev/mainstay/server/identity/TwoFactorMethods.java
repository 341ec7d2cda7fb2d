package dev.mainstay.server.identity;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Keyring;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;

/** The three second factors: an app, a code by mail, a backup code. */
final class TwoFactorMethods {
  private final Database database;
  private final InstantSource clock;
  private final People people;
  private final Keyring keyring;
  private final TwoFactorBackupCodes backupCodes;
  private final TwoFactorCodes codes = new TwoFactorCodes();
  private final TwoFactorStore store = new TwoFactorStore();

  TwoFactorMethods(
      Database database,
      InstantSource clock,
      People people,
      Keyring keyring,
      TwoFactorBackupCodes backupCodes) {
    this.database = database;
    this.clock = clock;
    this.people = people;
    this.keyring = keyring;
    this.backupCodes = backupCodes;
  }

  private static Optional<ProblemException> refused(String code, String message) {
    return Optional.of(PasswordRules.invalid(code, message));
  }

  private static Optional<ProblemException> wrong(String code, String message) {
    return Optional.of(ProblemException.of(code, "Code not valid", 401, message));
  }

  /** A code of the app: one of each step, and none that is older than one that was taken. */
  TwoFactorProof.Factor app(String code) {
    return (tx, attempt) -> {
      String userId = attempt.user().id();
      Optional<TwoFactor> app = usable(tx, attempt);
      if (app.isEmpty()) {
        return refused("totp-not-enabled", "TOTP not enabled");
      }
      OptionalLong step = codes.step(app.get().secret(keyring), code, clock.instant());
      if (step.isEmpty() || !store.take(tx, userId, step.getAsLong())) {
        return wrong("invalid-code", "Invalid code");
      }
      store.setMailRefused(tx, userId, false);
      return Optional.empty();
    };
  }

  /** What was not confirmed by a first code lets nobody in. */
  private Optional<TwoFactor> usable(Tx tx, TwoFactorProof.Attempt attempt) {
    return store
        .find(tx.sql(), attempt.user().id())
        .filter(app -> app.verified() || attempt.challenge().isEmpty());
  }

  TwoFactorProof.Factor backupCode(String code) {
    return (tx, attempt) -> {
      String userId = attempt.user().id();
      if (usable(tx, attempt).isEmpty()) {
        return refused("backup-codes-not-enabled", "Backup codes aren't enabled");
      }
      if (!backupCodes.take(tx, userId, code)) {
        return wrong("invalid-backup-code", "Invalid backup code");
      }
      store.setMailRefused(tx, userId, false);
      return Optional.empty();
    };
  }

  /** Sends a code to the user's address, which is good for this challenge or session alone. */
  void send(TwoFactorProof.Prover prover, TwoFactorProof.Attempt attempt) {
    User user = attempt.user();
    if (!attempt.mailAllowed() || !user.emailVerified()) {
      throw PasswordRules.invalid("otp-not-enabled", "OTP not enabled");
    }
    database.execute(
        tx -> {
          String code =
              people
                  .verifications()
                  .newCode(
                      tx,
                      Verification.Request.of(
                              Purpose.CODE_TWO_FACTOR, user.address(), Optional.of(user))
                          .with(attempt.subject(prover)));
          people.letters().code(tx, user.address(), Purpose.CODE_TWO_FACTOR, code);
        });
  }

  TwoFactorProof.Factor mail(TwoFactorProof.Prover prover, String code) {
    return (tx, attempt) -> {
      User user = attempt.user();
      if (!attempt.mailAllowed() || user.email().isEmpty()) {
        return refused("otp-not-enabled", "OTP not enabled");
      }
      return switch (people
          .verifications()
          .guess(tx, Verifications.Given.once(Purpose.CODE_TWO_FACTOR, user.address(), code))) {
        case Verifications.Guess.Right right ->
            right.verification().data().equals(Optional.of(attempt.subject(prover)))
                ? Optional.empty()
                : refused("otp-has-expired", "OTP has expired");
        case Verifications.Guess.Wrong wrong ->
            switch (wrong.reason()) {
              case NOTHING_SENT, EXPIRED -> refused("otp-has-expired", "OTP has expired");
              case TOO_MANY ->
                  refused(
                      "too-many-attempts-request-new-code",
                      "Too many attempts. Please request a new code.");
              case OTHER_CODE -> wrong("invalid-code", "Invalid code");
            };
      };
    };
  }
}
