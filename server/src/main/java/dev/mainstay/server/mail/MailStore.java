package dev.mainstay.server.mail;

import static dev.mainstay.server.schema.Tables.MAILS;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.val;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.MailsRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Mails. What a sender writes of a failed attempt is conditional on its claim being the newest. */
final class MailStore {
  private static final Condition PENDING = MAILS.STATE.eq(MailState.PENDING.word());

  void insert(Tx tx, MailsRecord row) {
    tx.sql().insertInto(MAILS).set(row).execute();
  }

  /** Ids of what a mail server is to be given now, the oldest first. */
  List<String> due(DSLContext sql, Instant now, int limit) {
    return ids(sql, sendable(now), limit);
  }

  /** Ids of what is to be written to the log, the oldest first. */
  List<String> unlogged(DSLContext sql, Instant now, int limit) {
    return ids(sql, loggable(now), limit);
  }

  private static List<String> ids(DSLContext sql, Condition condition, int limit) {
    return sql.select(MAILS.ID)
        .from(MAILS)
        .where(condition)
        .orderBy(MAILS.ID)
        .limit(limit)
        .fetch(MAILS.ID);
  }

  private static Condition sendable(Instant now) {
    // Without a time it was written to a log, before there was a mail server.
    return PENDING
        .and(MAILS.NEXT_ATTEMPT_AT.le(now).or(MAILS.NEXT_ATTEMPT_AT.isNull()))
        .and(MAILS.EXPIRES_AT.ge(now))
        .and(free(now));
  }

  private static Condition loggable(Instant now) {
    return PENDING.and(MAILS.NEXT_ATTEMPT_AT.le(now)).and(free(now));
  }

  private static Condition free(Instant now) {
    return MAILS.LEASE_ENDS_AT.isNull().or(MAILS.LEASE_ENDS_AT.le(now));
  }

  /** Begins an attempt, unless another process was quicker. */
  Optional<MailsRecord> claim(Tx tx, String id, Instant now, Instant leaseEndsAt) {
    int claimed =
        tx.sql()
            .update(MAILS)
            .set(MAILS.ATTEMPTS, MAILS.ATTEMPTS.plus(1))
            .set(MAILS.LEASE_ENDS_AT, leaseEndsAt)
            .where(MAILS.ID.eq(id))
            .and(sendable(now))
            .execute();
    return claimed == 0 ? Optional.empty() : find(tx.sql(), id);
  }

  /** Marks it as written to the log, unless another process was quicker. */
  Optional<MailsRecord> claimForLog(Tx tx, String id, Instant now) {
    int claimed =
        tx.sql()
            .update(MAILS)
            .setNull(MAILS.NEXT_ATTEMPT_AT)
            .where(MAILS.ID.eq(id))
            .and(loggable(now))
            .execute();
    return claimed == 0 ? Optional.empty() : find(tx.sql(), id);
  }

  /** The mail server has it: true whatever the row says meanwhile. The text is not kept. */
  void sent(Tx tx, String id, Instant now) {
    tx.sql()
        .update(MAILS)
        .set(MAILS.STATE, MailState.SENT.word())
        .set(MAILS.BODY_SEALED, "")
        .set(MAILS.SENT_AT, now)
        .setNull(MAILS.NEXT_ATTEMPT_AT)
        .setNull(MAILS.LEASE_ENDS_AT)
        .setNull(MAILS.LAST_ERROR)
        .where(MAILS.ID.eq(id))
        .execute();
    erase(tx, MAILS.ID.eq(id));
  }

  private static void erase(Tx tx, Condition which) {
    tx.sql()
        .update(MAILS)
        .set(MAILS.TO_ADDRESS, "")
        .set(MAILS.BODY_SEALED, "")
        .setNull(MAILS.LAST_ERROR)
        .where(MAILS.KIND.eq(Mail.LAST))
        .and(MAILS.TO_ADDRESS.ne(""))
        .and(which)
        .execute();
  }

  /**
   * An attempt has failed.
   *
   * @param next when the next one is; null if there is none
   */
  void failed(Tx tx, MailsRecord claimed, String error, @Nullable Instant next) {
    tx.sql()
        .update(MAILS)
        .set(MAILS.STATE, (next == null ? MailState.FAILED : MailState.PENDING).word())
        .set(MAILS.NEXT_ATTEMPT_AT, next)
        .set(MAILS.LAST_ERROR, error)
        .setNull(MAILS.LEASE_ENDS_AT)
        .where(MAILS.ID.eq(claimed.getId()))
        .and(PENDING)
        .and(MAILS.ATTEMPTS.eq(claimed.getAttempts()))
        .execute();
  }

  /** Those that could not be sent in time have failed. */
  void expire(Tx tx, Instant now, String error) {
    tx.sql()
        .update(MAILS)
        .set(MAILS.STATE, MailState.FAILED.word())
        .set(MAILS.LAST_ERROR, coalesce(MAILS.LAST_ERROR, val(error)))
        .setNull(MAILS.NEXT_ATTEMPT_AT)
        .setNull(MAILS.LEASE_ENDS_AT)
        .where(PENDING)
        .and(MAILS.EXPIRES_AT.lt(now))
        .and(free(now))
        .execute();
  }

  /**
   * What was for somebody who is erased, and could not be sent in time, has no address any more.
   */
  void eraseExpired(Tx tx, Instant now) {
    erase(tx, MAILS.EXPIRES_AT.lt(now).and(free(now)));
  }

  /** Removes what is older. */
  void prune(Tx tx, Instant before) {
    tx.sql().deleteFrom(MAILS).where(MAILS.CREATED_AT.lt(before)).execute();
  }

  /** Removes all that was, or is to be, sent to an address. */
  void deleteTo(Tx tx, String address) {
    tx.sql().deleteFrom(MAILS).where(MAILS.TO_ADDRESS.eq(address)).execute();
  }

  Optional<MailsRecord> find(DSLContext sql, String id) {
    return sql.selectFrom(MAILS).where(MAILS.ID.eq(id)).fetchOptional();
  }

  Optional<MailsRecord> lock(Tx tx, String id) {
    return tx.locking(tx.sql().selectFrom(MAILS).where(MAILS.ID.eq(id))).fetchOptional();
  }

  /** Newest first, those before an id. */
  List<MailsRecord> list(DSLContext sql, Optional<String> before, int limit) {
    return sql.selectFrom(MAILS)
        .where(before.map(MAILS.ID::lt).orElseGet(() -> noCondition()))
        .orderBy(MAILS.ID.desc())
        .limit(limit)
        .fetch();
  }

  /** One that waits need not wait longer. An attempt that goes on is not disturbed. */
  void hasten(Tx tx, String id, Instant now, Instant expiresAt) {
    tx.sql()
        .update(MAILS)
        .set(MAILS.NEXT_ATTEMPT_AT, now)
        .set(MAILS.EXPIRES_AT, expiresAt)
        .where(MAILS.ID.eq(id))
        .and(PENDING)
        .execute();
  }

  /** One that has failed begins anew. */
  void revive(Tx tx, String id, Instant now, Instant expiresAt) {
    tx.sql()
        .update(MAILS)
        .set(MAILS.STATE, MailState.PENDING.word())
        .set(MAILS.ATTEMPTS, 0)
        .set(MAILS.NEXT_ATTEMPT_AT, now)
        .set(MAILS.EXPIRES_AT, expiresAt)
        .where(MAILS.ID.eq(id))
        .and(MAILS.STATE.eq(MailState.FAILED.word()))
        .execute();
  }
}
