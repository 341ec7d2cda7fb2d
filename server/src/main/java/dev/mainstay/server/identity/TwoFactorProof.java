package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Principal;
import java.time.InstantSource;
import java.util.Optional;
import org.jooq.DSLContext;

/**
 * Takes the proof of a second factor, from somebody who is half signed in, or who is signed in and
 * tries it. Guesses at one challenge are five at most; those at all of a user's factors together
 * shut the door.
 */
final class TwoFactorProof {
  static final int MAX_ATTEMPTS = 5;

  private final Database database;
  private final InstantSource clock;
  private final People people;
  private final Lockout lockout;
  private final TwoFactorDevices devices;
  private final TwoFactorSetup setup;
  private final TwoFactorChallengeStore challenges = new TwoFactorChallengeStore();

  TwoFactorProof(
      Database database,
      InstantSource clock,
      People people,
      Lockout lockout,
      TwoFactorDevices devices,
      TwoFactorSetup setup) {
    this.database = database;
    this.clock = clock;
    this.people = people;
    this.lockout = lockout;
    this.devices = devices;
    this.setup = setup;
  }

  /** Who gives the proof. */
  sealed interface Prover {
    record SignedIn(Principal principal) implements Prover {}

    /**
     * @param token of the challenge's cookie
     */
    record Half(String token) implements Prover {
      @Override
      public String toString() {
        return "Half[…]";
      }
    }
  }

  /**
   * What a factor looks at.
   *
   * @param challenge absent for who is signed in
   */
  record Attempt(User user, Optional<TwoFactorChallenge> challenge) {
    /** What a code by mail is bound to. */
    String subject(Prover prover) {
      return switch (prover) {
        case Prover.Half half -> Ids.hash(half.token());
        case Prover.SignedIn in -> in.principal().credentialId();
      };
    }

    boolean mailAllowed() {
      return challenge.map(TwoFactorChallenge::mailAllowed).orElse(true);
    }
  }

  /** Looks at a proof of one kind. */
  @FunctionalInterface
  interface Factor {
    /** Why it is not right, or nothing; what it writes is committed in both cases. */
    Optional<ProblemException> check(Tx tx, Attempt attempt);
  }

  /**
   * How a proof is given.
   *
   * @param method {@code totp}, {@code otp} or {@code backup-code}
   * @param trust whether this browser is to be trusted then
   */
  record Request(String method, boolean trust, Client client) {}

  /**
   * What comes of it: who is in.
   *
   * @param opened a session that was opened, or has a new secret
   */
  record Proved(User user, String sessionId, Optional<Entrance.Opened> opened) {}

  /** A thrown problem would take the count of guesses back with the transaction. */
  private sealed interface Result {}

  private record Right(Proved proved) implements Result {}

  private record Wrong(ProblemException problem) implements Result {}

  /** Who it is about. */
  Attempt attempt(DSLContext sql, Prover prover) {
    return switch (prover) {
      case Prover.SignedIn in -> new Attempt(people.caller(sql, in.principal()), Optional.empty());
      case Prover.Half half -> {
        TwoFactorChallenge challenge =
            challenges
                .find(sql, Ids.hash(half.token()), clock.instant())
                .orElseThrow(TwoFactorProof::noChallenge);
        User user =
            people.users().byId(sql, challenge.userId()).orElseThrow(TwoFactorProof::noChallenge);
        yield new Attempt(user, Optional.of(challenge));
      }
    };
  }

  Attempt attempt(Prover prover) {
    return database.read(sql -> attempt(sql, prover));
  }

  static ProblemException noChallenge() {
    return ProblemException.of(
        "invalid-two-factor-cookie", "Sign in again", 401, "Invalid two factor cookie");
  }

  /**
   * Lets somebody in whose proof is right.
   *
   * @throws ProblemException as the factor has it; 400 after too many guesses at the challenge, 401
   *     if there is none, 429 after too many in all
   */
  Proved prove(Prover prover, Request request, Factor factor) {
    User known = attempt(prover).user();
    // By the user alone: who has not shown the first factor must not shut out who has.
    lockout.count(known.id());
    return switch (database.write(tx -> prove(tx, prover, request, factor))) {
      case Right right -> right.proved();
      case Wrong wrong -> throw wrong.problem();
    };
  }

  private Result prove(Tx tx, Prover prover, Request request, Factor factor) {
    Optional<TwoFactorChallenge> challenge =
        switch (prover) {
          case Prover.SignedIn unused -> Optional.empty();
          case Prover.Half half ->
              Optional.of(
                  challenges
                      .attempt(tx, Ids.hash(half.token()), clock.instant())
                      .orElseThrow(TwoFactorProof::noChallenge));
        };
    if (challenge.filter(one -> one.attempts() > MAX_ATTEMPTS).isPresent()) {
      challenges.delete(tx, challenge.get().tokenHash());
      return new Wrong(
          PasswordRules.invalid(
              "too-many-attempts-request-new-code",
              "Too many attempts. Please request a new code."));
    }
    User user =
        people
            .users()
            .lock(tx, attempt(tx.sql(), prover).user().id())
            .orElseThrow(TwoFactorProof::noChallenge);
    boolean wasOn = user.twoFactorEnabled();
    Optional<ProblemException> wrong = factor.check(tx, new Attempt(user, challenge));
    if (wrong.isPresent()) {
      people
          .audit()
          .record(
              tx,
              AuditLog.Act.of("second-factor-failed", user.id(), request.client())
                  .detail(request.method()));
      return new Wrong(wrong.get());
    }
    lockout.clear(tx, user.id());
    user.email().ifPresent(email -> lockout.clear(tx, email));
    return new Right(
        switch (prover) {
          case Prover.Half unused -> enter(tx, user, challenge.orElseThrow(), request);
          case Prover.SignedIn in -> confirm(tx, user, wasOn, in.principal(), request);
        });
  }

  private Proved enter(Tx tx, User user, TwoFactorChallenge challenge, Request request) {
    challenges.delete(tx, challenge.tokenHash());
    Sessions.Opened opened =
        people
            .sessions()
            .open(
                tx,
                user,
                new Sessions.Entry(
                    challenge.method() + ", " + request.method(),
                    request.client(),
                    challenge.remembered(),
                    Optional.empty(),
                    Optional.empty()));
    Optional<String> device =
        request.trust() ? Optional.of(devices.trust(tx, user.id())) : Optional.empty();
    return new Proved(
        user, opened.session().id(), Optional.of(new Entrance.Opened(opened, user, device)));
  }

  /** The first code of an app turns it on; a session that goes on as more has a new secret. */
  private Proved confirm(Tx tx, User user, boolean wasOn, Principal caller, Request request) {
    if (wasOn || !request.method().equals(TwoFactorGate.APP)) {
      return new Proved(user, caller.credentialId(), Optional.empty());
    }
    setup.turnOn(tx, user, request.client());
    User now = people.users().byId(tx, user.id()).orElseThrow();
    Sessions.Opened opened = people.sessions().rotate(tx, caller.credentialId());
    return new Proved(
        now,
        opened.session().id(),
        Optional.of(new Entrance.Opened(opened, now, Optional.empty())));
  }
}
