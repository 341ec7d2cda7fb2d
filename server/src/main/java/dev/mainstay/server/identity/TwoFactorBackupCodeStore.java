package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.BACKUP_CODES;

import dev.mainstay.server.platform.Tx;
import java.util.List;
import org.jooq.DSLContext;

/** The table of backup codes. */
final class TwoFactorBackupCodeStore {

  List<String> macs(DSLContext sql, String userId) {
    return sql.select(BACKUP_CODES.CODE_MAC)
        .from(BACKUP_CODES)
        .where(BACKUP_CODES.USER_ID.eq(userId))
        .fetch(BACKUP_CODES.CODE_MAC);
  }

  void replace(Tx tx, String userId, List<String> macs) {
    deleteAll(tx, userId);
    for (String mac : macs) {
      tx.sql()
          .insertInto(BACKUP_CODES)
          .set(BACKUP_CODES.USER_ID, userId)
          .set(BACKUP_CODES.CODE_MAC, mac)
          .execute();
    }
  }

  /** Uses a code up: of two requests with the same code one gets in. */
  boolean take(Tx tx, String userId, String mac) {
    return tx.sql()
            .deleteFrom(BACKUP_CODES)
            .where(BACKUP_CODES.USER_ID.eq(userId))
            .and(BACKUP_CODES.CODE_MAC.eq(mac))
            .execute()
        == 1;
  }

  void deleteAll(Tx tx, String userId) {
    tx.sql().deleteFrom(BACKUP_CODES).where(BACKUP_CODES.USER_ID.eq(userId)).execute();
  }
}
