package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.LOCKOUTS;

import dev.mainstay.server.platform.Tx;
import java.time.Instant;
import java.util.Optional;
import org.jooq.impl.DSL;

/** The table of failed guesses. */
final class LockoutStore {

  /** Failed guesses, and when the newest was. */
  record Failures(int failures, Instant failedAt) {}

  /** The row of a subject, which nobody else changes before this transaction ends. */
  Optional<Failures> lock(Tx tx, String subjectHash) {
    tx.exclusive("lockout " + subjectHash);
    return tx.sql()
        .selectFrom(LOCKOUTS)
        .where(LOCKOUTS.SUBJECT_HASH.eq(subjectHash))
        .fetchOptional(row -> new Failures(row.getFailures(), row.getFailedAt()));
  }

  void set(Tx tx, String subjectHash, int failures, Instant now) {
    tx.sql()
        .insertInto(LOCKOUTS)
        .set(LOCKOUTS.SUBJECT_HASH, subjectHash)
        .set(LOCKOUTS.FAILURES, failures)
        .set(LOCKOUTS.FAILED_AT, now)
        .onConflict(LOCKOUTS.SUBJECT_HASH)
        .doUpdate()
        .set(LOCKOUTS.FAILURES, DSL.excluded(LOCKOUTS.FAILURES))
        .set(LOCKOUTS.FAILED_AT, now)
        .execute();
  }

  void delete(Tx tx, String subjectHash) {
    tx.sql().deleteFrom(LOCKOUTS).where(LOCKOUTS.SUBJECT_HASH.eq(subjectHash)).execute();
  }

  void prune(Tx tx, Instant before) {
    tx.sql().deleteFrom(LOCKOUTS).where(LOCKOUTS.FAILED_AT.le(before)).execute();
  }
}
