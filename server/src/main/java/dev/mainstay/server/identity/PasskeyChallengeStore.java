package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.PASSKEY_CHALLENGES;

import dev.mainstay.server.platform.Tx;
import java.time.Instant;
import java.util.Optional;

/** The table of what authenticators are to sign. */
final class PasskeyChallengeStore {

  void insert(
      Tx tx, String tokenHash, PasskeyChallenges.Pending pending, Instant now, Instant expires) {
    tx.sql().deleteFrom(PASSKEY_CHALLENGES).where(PASSKEY_CHALLENGES.EXPIRES_AT.le(now)).execute();
    tx.sql()
        .insertInto(PASSKEY_CHALLENGES)
        .set(PASSKEY_CHALLENGES.TOKEN_HASH, tokenHash)
        .set(PASSKEY_CHALLENGES.CHALLENGE_HASH, pending.challengeHash())
        .set(PASSKEY_CHALLENGES.CEREMONY, pending.ceremony().id())
        .set(PASSKEY_CHALLENGES.USER_ID, pending.userId().orElse(null))
        .set(PASSKEY_CHALLENGES.CREATED_AT, now)
        .set(PASSKEY_CHALLENGES.EXPIRES_AT, expires)
        .execute();
  }

  /** Uses a challenge up, whatever comes of it. */
  Optional<PasskeyChallenges.Pending> take(
      Tx tx, String tokenHash, PasskeyChallenges.Ceremony ceremony, Instant now) {
    return tx.sql()
        .deleteFrom(PASSKEY_CHALLENGES)
        .where(PASSKEY_CHALLENGES.TOKEN_HASH.eq(tokenHash))
        .and(PASSKEY_CHALLENGES.CEREMONY.eq(ceremony.id()))
        .and(PASSKEY_CHALLENGES.EXPIRES_AT.gt(now))
        .returning()
        .fetchOptional(
            row ->
                new PasskeyChallenges.Pending(
                    row.getChallengeHash(), ceremony, Optional.ofNullable(row.getUserId())));
  }
}
