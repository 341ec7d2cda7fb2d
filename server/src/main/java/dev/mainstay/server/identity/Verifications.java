package dev.mainstay.server.identity;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Keyring;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jooq.DSLContext;

/** Links and codes that are sent to addresses, each of which is used once. */
final class Verifications {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int CODES = 1_000_000;
  private static final int MAX_ATTEMPTS = 3;

  private final InstantSource clock;
  private final Keyring keyring;
  private final VerificationStore store = new VerificationStore();

  /** Guesses in known browsers, by code. */
  private final LockoutStore known = new LockoutStore();

  Verifications(InstantSource clock, Keyring keyring) {
    this.clock = clock;
    this.keyring = keyring;
  }

  /** The token of a new link. */
  String newLink(Tx tx, Verification.Request request) {
    String token = Ids.secret();
    store.insertLink(tx, request, Ids.hash(token), clock.instant());
    return token;
  }

  /** A link that can still be used. */
  Optional<Verification> findLink(DSLContext sql, Purpose purpose, String token) {
    return store.link(sql, purpose, Ids.hash(token), clock.instant());
  }

  /** Uses a link up. */
  Optional<Verification> takeLink(Tx tx, Purpose purpose, String token) {
    return store.takeLink(tx, purpose, Ids.hash(token), clock.instant());
  }

  /** A new code of six digits, in the place of the one before. */
  String newCode(Tx tx, Verification.Request request) {
    String code = "%06d".formatted(RANDOM.nextInt(CODES));
    store.insertCode(
        tx,
        request,
        keyring.mac(code, context(request.purpose(), request.email())),
        clock.instant());
    return code;
  }

  /** What comes of a guess. */
  sealed interface Guess {
    record Right(Verification verification) implements Guess {}

    record Wrong(Reason reason, ProblemException problem) implements Guess {}
  }

  /** Why a guess is not right. */
  enum Reason {
    NOTHING_SENT,
    EXPIRED,
    TOO_MANY,
    OTHER_CODE
  }

  /**
   * A code that somebody enters.
   *
   * @param use the right code is used up
   * @param userId for whom it must have been made; empty for whomever
   * @param known the user has signed in before in this browser, and has three guesses apart from
   *     the three that everybody else has: strangers would use them up
   */
  record Given(
      Purpose purpose,
      String email,
      String code,
      boolean use,
      Optional<String> userId,
      boolean known) {
    static Given once(Purpose purpose, String email, String code) {
      return new Given(purpose, email, code, true, Optional.empty(), false);
    }

    @Override
    public String toString() {
      return "Given[…]";
    }
  }

  /**
   * Counts a guess at a code. The caller's transaction must be committed also if it was wrong, for
   * else it would not count.
   */
  Guess guess(Tx tx, Given given) {
    Purpose purpose = given.purpose();
    String email = given.email();
    Optional<VerificationStore.Attempt> found =
        store.attempt(tx, purpose, email, given.userId(), given.known() ? 0 : 1);
    if (found.isEmpty()) {
      return wrong(Reason.NOTHING_SENT, "invalid-otp", 400, "Invalid OTP");
    }
    VerificationStore.Attempt attempt = found.get();
    Instant now = clock.instant();
    int guesses = given.known() ? knownGuesses(tx, attempt, now) : attempt.attempts();
    // The code stays when strangers have no guess left: in a known browser it is good.
    if (guesses > MAX_ATTEMPTS + 1) {
      return wrong(Reason.NOTHING_SENT, "invalid-otp", 400, "Invalid OTP");
    }
    if (!now.isBefore(attempt.expires())) {
      store.deleteCode(tx, purpose, email);
      return wrong(Reason.EXPIRED, "otp-expired", 400, "OTP expired");
    }
    if (guesses > MAX_ATTEMPTS) {
      return wrong(Reason.TOO_MANY, "too-many-attempts", 403, "Too many attempts");
    }
    if (!keyring.matches(attempt.codeMac(), given.code(), context(purpose, email))) {
      return wrong(Reason.OTHER_CODE, "invalid-otp", 400, "Invalid OTP");
    }
    if (given.use()) {
      store.deleteCode(tx, purpose, email);
    } else if (given.known()) {
      known.set(tx, knownSubject(attempt), guesses - 1, now);
    } else {
      store.forgetAttempt(tx, purpose, email);
    }
    return new Guess.Right(attempt.verification());
  }

  /** Counts a guess in a known browser. */
  private int knownGuesses(Tx tx, VerificationStore.Attempt attempt, Instant now) {
    String subject = knownSubject(attempt);
    int guesses = known.lock(tx, subject).map(LockoutStore.Failures::failures).orElse(0) + 1;
    known.set(tx, subject, guesses, now);
    return guesses;
  }

  private static String knownSubject(VerificationStore.Attempt attempt) {
    return Ids.hash("known browsers at " + attempt.verification().id());
  }

  private static Guess wrong(Reason reason, String code, int status, String message) {
    return new Guess.Wrong(reason, ProblemException.of(code, "Code not valid", status, message));
  }

  private static String context(Purpose purpose, String email) {
    return "verifications/" + purpose.id() + "/" + email;
  }

  void deleteCode(Tx tx, Purpose purpose, String email) {
    store.deleteCode(tx, purpose, email);
  }

  /**
   * Whatever was sent to a user opens nothing any more. A link that only confirms the address that
   * the user has may be opened again, and one that takes a change of address back stays good.
   */
  void deleteAll(Tx tx, String userId) {
    store.deleteAll(tx, userId, EnumSet.of(Purpose.VERIFY_EMAIL, Purpose.RESTORE_EMAIL));
  }

  /**
   * Nothing that was sent to an address is left, but a link that takes another account's change of
   * address back.
   */
  void forgetAddress(Tx tx, String email) {
    store.deleteTo(tx, email, Purpose.RESTORE_EMAIL);
  }

  /** The first change of a user's address that can still be taken back, if there is one. */
  Optional<Instant> canBeRestoredSince(DSLContext sql, String userId) {
    return store.oldest(sql, Purpose.RESTORE_EMAIL, userId, clock.instant());
  }

  /**
   * What was sent to a user opens nothing any more, but a link that takes an older change of
   * address back: whoever has changed it twice must not undo the second change to make the first
   * one last.
   */
  void forgetSince(Tx tx, String userId, Instant since) {
    store.deleteAll(tx, userId, EnumSet.of(Purpose.RESTORE_EMAIL));
    store.deleteSince(tx, userId, since);
  }

  /** Nothing that was sent to a user is left. */
  void forget(Tx tx, String userId) {
    store.deleteAll(tx, userId, Set.of());
  }
}
