package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.TWO_FACTORS;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.TwoFactorsRecord;
import java.time.Instant;
import java.util.Optional;
import org.jooq.DSLContext;

/** The table of apps that make codes. */
final class TwoFactorStore {

  Optional<TwoFactor> find(DSLContext sql, String userId) {
    return sql.selectFrom(TWO_FACTORS)
        .where(TWO_FACTORS.USER_ID.eq(userId))
        .fetchOptional(TwoFactorStore::twoFactor);
  }

  private static TwoFactor twoFactor(TwoFactorsRecord row) {
    return new TwoFactor(
        row.getUserId(),
        row.getSecretSealed(),
        row.getVerified(),
        row.getLastStep(),
        row.getMailRefused());
  }

  /** Puts an app into the place of the one before. */
  void replace(Tx tx, TwoFactor app, Instant now) {
    delete(tx, app.userId());
    tx.sql()
        .insertInto(TWO_FACTORS)
        .set(TWO_FACTORS.USER_ID, app.userId())
        .set(TWO_FACTORS.SECRET_SEALED, app.secretSealed())
        .set(TWO_FACTORS.VERIFIED, app.verified())
        .set(TWO_FACTORS.LAST_STEP, app.lastStep())
        .set(TWO_FACTORS.MAIL_REFUSED, app.mailRefused())
        .set(TWO_FACTORS.CREATED_AT, now)
        .execute();
  }

  /**
   * Takes a code of a step.
   *
   * @return false if one of this step, or of a newer one, was taken: of two with the same code one
   *     gets in
   */
  boolean take(Tx tx, String userId, long step) {
    return tx.sql()
            .update(TWO_FACTORS)
            .set(TWO_FACTORS.LAST_STEP, step)
            .set(TWO_FACTORS.VERIFIED, true)
            .where(TWO_FACTORS.USER_ID.eq(userId))
            .and(TWO_FACTORS.LAST_STEP.lt(step))
            .execute()
        == 1;
  }

  void setMailRefused(Tx tx, String userId, boolean refused) {
    tx.sql()
        .update(TWO_FACTORS)
        .set(TWO_FACTORS.MAIL_REFUSED, refused)
        .where(TWO_FACTORS.USER_ID.eq(userId))
        .execute();
  }

  void delete(Tx tx, String userId) {
    tx.sql().deleteFrom(TWO_FACTORS).where(TWO_FACTORS.USER_ID.eq(userId)).execute();
  }

  boolean deleteSince(Tx tx, String userId, Instant since) {
    return tx.sql()
            .deleteFrom(TWO_FACTORS)
            .where(TWO_FACTORS.USER_ID.eq(userId))
            .and(TWO_FACTORS.CREATED_AT.ge(since))
            .execute()
        == 1;
  }
}
