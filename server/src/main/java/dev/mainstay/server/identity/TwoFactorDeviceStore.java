package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.TRUSTED_DEVICES;

import dev.mainstay.server.platform.Tx;
import java.time.Instant;

/** The table of browsers that are trusted. */
final class TwoFactorDeviceStore {

  void insert(Tx tx, String tokenHash, String userId, Instant now, Instant expires) {
    tx.sql().deleteFrom(TRUSTED_DEVICES).where(TRUSTED_DEVICES.EXPIRES_AT.le(now)).execute();
    tx.sql()
        .insertInto(TRUSTED_DEVICES)
        .set(TRUSTED_DEVICES.TOKEN_HASH, tokenHash)
        .set(TRUSTED_DEVICES.USER_ID, userId)
        .set(TRUSTED_DEVICES.CREATED_AT, now)
        .set(TRUSTED_DEVICES.EXPIRES_AT, expires)
        .execute();
  }

  /** Uses a token up, if it is one of the user's. */
  boolean take(Tx tx, String tokenHash, String userId, Instant now) {
    return tx.sql()
            .deleteFrom(TRUSTED_DEVICES)
            .where(TRUSTED_DEVICES.TOKEN_HASH.eq(tokenHash))
            .and(TRUSTED_DEVICES.USER_ID.eq(userId))
            .and(TRUSTED_DEVICES.EXPIRES_AT.gt(now))
            .execute()
        == 1;
  }

  void deleteAll(Tx tx, String userId) {
    tx.sql().deleteFrom(TRUSTED_DEVICES).where(TRUSTED_DEVICES.USER_ID.eq(userId)).execute();
  }
}
