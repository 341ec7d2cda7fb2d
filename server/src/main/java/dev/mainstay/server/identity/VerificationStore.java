package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.VERIFICATIONS;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.VerificationsRecord;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** The table of what was sent to addresses. */
final class VerificationStore {

  void insertLink(Tx tx, Verification.Request request, String tokenHash, Instant now) {
    prune(tx, now);
    tx.sql()
        .insertInto(VERIFICATIONS)
        .set(row(request, now))
        .set(VERIFICATIONS.TOKEN_HASH, tokenHash)
        .execute();
  }

  /** Puts a code into the place of the one before. */
  void insertCode(Tx tx, Verification.Request request, String codeMac, Instant now) {
    prune(tx, now);
    deleteCode(tx, request.purpose(), request.email());
    tx.sql()
        .insertInto(VERIFICATIONS)
        .set(row(request, now))
        .set(VERIFICATIONS.CODE_MAC, codeMac)
        .execute();
  }

  private static VerificationsRecord row(Verification.Request request, Instant now) {
    VerificationsRecord row = new VerificationsRecord();
    row.setId(Ids.next());
    row.setPurpose(request.purpose().id());
    row.setEmail(request.email());
    row.setUserId(request.userId().orElse(null));
    row.setAttempts(0);
    row.setData(request.data().orElse(null));
    row.setCreatedAt(now);
    row.setExpiresAt(now.plus(request.purpose().life()));
    return row;
  }

  private static void prune(Tx tx, Instant now) {
    tx.sql().deleteFrom(VERIFICATIONS).where(VERIFICATIONS.EXPIRES_AT.le(now)).execute();
  }

  private static Condition isLink(Purpose purpose, String tokenHash, Instant now) {
    return VERIFICATIONS
        .TOKEN_HASH
        .eq(tokenHash)
        .and(VERIFICATIONS.PURPOSE.eq(purpose.id()))
        .and(VERIFICATIONS.EXPIRES_AT.gt(now));
  }

  Optional<Verification> link(DSLContext sql, Purpose purpose, String tokenHash, Instant now) {
    return sql.selectFrom(VERIFICATIONS)
        .where(isLink(purpose, tokenHash, now))
        .fetchOptional(VerificationStore::verification);
  }

  /** Uses a link up: of two requests with the same token one gets it. */
  Optional<Verification> takeLink(Tx tx, Purpose purpose, String tokenHash, Instant now) {
    return tx.sql()
        .deleteFrom(VERIFICATIONS)
        .where(isLink(purpose, tokenHash, now))
        .returning()
        .fetchOptional(VerificationStore::verification);
  }

  /** A code that somebody guesses at, with this guess counted. */
  record Attempt(Verification verification, String codeMac, int attempts, Instant expires) {}

  /**
   * Counts a guess; guesses at one code come one after another.
   *
   * @param userId for whom the code was made
   * @param guesses 0 for one that does not count here
   */
  Optional<Attempt> attempt(
      Tx tx, Purpose purpose, String email, Optional<String> userId, int guesses) {
    return tx.sql()
        .update(VERIFICATIONS)
        .set(VERIFICATIONS.ATTEMPTS, VERIFICATIONS.ATTEMPTS.plus(guesses))
        .where(isCode(purpose, email))
        .and(userId.map(VERIFICATIONS.USER_ID::eq).orElseGet(DSL::noCondition))
        .returning()
        .fetchOptional(
            row ->
                new Attempt(
                    verification(row), row.getCodeMac(), row.getAttempts(), row.getExpiresAt()));
  }

  /** The guess was right, and does not count. */
  void forgetAttempt(Tx tx, Purpose purpose, String email) {
    tx.sql()
        .update(VERIFICATIONS)
        .set(VERIFICATIONS.ATTEMPTS, VERIFICATIONS.ATTEMPTS.minus(1))
        .where(isCode(purpose, email))
        .execute();
  }

  private static Condition isCode(Purpose purpose, String email) {
    return VERIFICATIONS
        .PURPOSE
        .eq(purpose.id())
        .and(VERIFICATIONS.EMAIL.eq(email))
        .and(VERIFICATIONS.CODE_MAC.isNotNull());
  }

  private static Verification verification(VerificationsRecord row) {
    return new Verification(
        row.getId(),
        row.getEmail(),
        Optional.ofNullable(row.getUserId()),
        Optional.ofNullable(row.getData()),
        row.getCreatedAt());
  }

  void deleteCode(Tx tx, Purpose purpose, String email) {
    tx.sql().deleteFrom(VERIFICATIONS).where(isCode(purpose, email)).execute();
  }

  /** Nothing is left that was sent to an address, but for one purpose. */
  void deleteTo(Tx tx, String email, Purpose but) {
    tx.sql()
        .deleteFrom(VERIFICATIONS)
        .where(VERIFICATIONS.EMAIL.eq(email))
        .and(VERIFICATIONS.PURPOSE.ne(but.id()))
        .execute();
  }

  /** When the oldest was sent to a user of what is still good for this purpose. */
  Optional<Instant> oldest(DSLContext sql, Purpose purpose, String userId, Instant now) {
    return sql.select(VERIFICATIONS.CREATED_AT)
        .from(VERIFICATIONS)
        .where(VERIFICATIONS.USER_ID.eq(userId))
        .and(VERIFICATIONS.PURPOSE.eq(purpose.id()))
        .and(VERIFICATIONS.EXPIRES_AT.gt(now))
        .orderBy(VERIFICATIONS.CREATED_AT)
        .limit(1)
        .fetchOptional(VERIFICATIONS.CREATED_AT);
  }

  /** What was sent to a user since a time is worthless from now on. */
  void deleteSince(Tx tx, String userId, Instant since) {
    tx.sql()
        .deleteFrom(VERIFICATIONS)
        .where(VERIFICATIONS.USER_ID.eq(userId))
        .and(VERIFICATIONS.CREATED_AT.ge(since))
        .execute();
  }

  /** What was sent to a user is worthless from now on, but for these purposes. */
  void deleteAll(Tx tx, String userId, Set<Purpose> but) {
    tx.sql()
        .deleteFrom(VERIFICATIONS)
        .where(VERIFICATIONS.USER_ID.eq(userId))
        .and(VERIFICATIONS.PURPOSE.notIn(but.stream().map(Purpose::id).toList()))
        .execute();
  }
}
