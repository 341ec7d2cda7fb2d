package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.TWO_FACTOR_CHALLENGES;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.TwoFactorChallengesRecord;
import java.time.Instant;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;

/** The table of people who are half signed in. */
final class TwoFactorChallengeStore {

  void insert(Tx tx, TwoFactorChallenge challenge, Instant now, Instant expires) {
    tx.sql()
        .deleteFrom(TWO_FACTOR_CHALLENGES)
        .where(TWO_FACTOR_CHALLENGES.EXPIRES_AT.le(now))
        .execute();
    tx.sql()
        .insertInto(TWO_FACTOR_CHALLENGES)
        .set(TWO_FACTOR_CHALLENGES.TOKEN_HASH, challenge.tokenHash())
        .set(TWO_FACTOR_CHALLENGES.USER_ID, challenge.userId())
        .set(TWO_FACTOR_CHALLENGES.METHOD, challenge.method())
        .set(TWO_FACTOR_CHALLENGES.REMEMBERED, challenge.remembered())
        .set(TWO_FACTOR_CHALLENGES.MAIL_ALLOWED, challenge.mailAllowed())
        .set(TWO_FACTOR_CHALLENGES.ATTEMPTS, challenge.attempts())
        .set(TWO_FACTOR_CHALLENGES.CREATED_AT, now)
        .set(TWO_FACTOR_CHALLENGES.EXPIRES_AT, expires)
        .execute();
  }

  private static Condition is(String tokenHash, Instant now) {
    return TWO_FACTOR_CHALLENGES
        .TOKEN_HASH
        .eq(tokenHash)
        .and(TWO_FACTOR_CHALLENGES.EXPIRES_AT.gt(now));
  }

  Optional<TwoFactorChallenge> find(DSLContext sql, String tokenHash, Instant now) {
    return sql.selectFrom(TWO_FACTOR_CHALLENGES)
        .where(is(tokenHash, now))
        .fetchOptional(TwoFactorChallengeStore::challenge);
  }

  /** Counts a guess; guesses at one challenge come one after another. */
  Optional<TwoFactorChallenge> attempt(Tx tx, String tokenHash, Instant now) {
    return tx.sql()
        .update(TWO_FACTOR_CHALLENGES)
        .set(TWO_FACTOR_CHALLENGES.ATTEMPTS, TWO_FACTOR_CHALLENGES.ATTEMPTS.plus(1))
        .where(is(tokenHash, now))
        .returning()
        .fetchOptional(TwoFactorChallengeStore::challenge);
  }

  private static TwoFactorChallenge challenge(TwoFactorChallengesRecord row) {
    return new TwoFactorChallenge(
        row.getTokenHash(),
        row.getUserId(),
        row.getMethod(),
        row.getRemembered(),
        row.getMailAllowed(),
        row.getAttempts());
  }

  void delete(Tx tx, String tokenHash) {
    tx.sql()
        .deleteFrom(TWO_FACTOR_CHALLENGES)
        .where(TWO_FACTOR_CHALLENGES.TOKEN_HASH.eq(tokenHash))
        .execute();
  }

  void deleteAll(Tx tx, String userId) {
    tx.sql()
        .deleteFrom(TWO_FACTOR_CHALLENGES)
        .where(TWO_FACTOR_CHALLENGES.USER_ID.eq(userId))
        .execute();
  }
}
