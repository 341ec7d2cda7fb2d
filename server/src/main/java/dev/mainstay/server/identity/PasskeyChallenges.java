package dev.mainstay.server.identity;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/** What an authenticator is to sign: once, within five minutes, in the browser that has asked. */
final class PasskeyChallenges {
  static final Duration LIFE = Duration.ofMinutes(5);

  private final Database database;
  private final InstantSource clock;
  private final PasskeyChallengeStore store = new PasskeyChallengeStore();

  PasskeyChallenges(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** What is done with an authenticator. */
  enum Ceremony {
    REGISTRATION,
    AUTHENTICATION;

    /** As it is stored. */
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What was asked for.
   *
   * @param userId who registers
   */
  record Pending(String challengeHash, Ceremony ceremony, Optional<String> userId) {}

  /**
   * A new challenge.
   *
   * @param token the secret for the browser's cookie
   * @param challenge 256 random bits in Base64url
   */
  record Issued(String token, String challenge) {
    @Override
    public String toString() {
      return "Issued[…]";
    }
  }

  Issued issue(Ceremony ceremony, Optional<String> userId) {
    Issued issued = new Issued(Ids.secret(), Ids.secret());
    Instant now = clock.instant();
    database.execute(
        tx ->
            store.insert(
                tx,
                Ids.hash(issued.token()),
                new Pending(Ids.hash(issued.challenge()), ceremony, userId),
                now,
                now.plus(LIFE)));
    return issued;
  }

  /** Uses up what this browser was asked for. */
  Pending take(Optional<String> token, Ceremony ceremony) {
    return token
        .flatMap(
            text -> database.write(tx -> store.take(tx, Ids.hash(text), ceremony, clock.instant())))
        .orElseThrow(() -> PasswordRules.invalid("challenge-not-found", "Challenge not found"));
  }
}
