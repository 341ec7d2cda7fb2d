package dev.mainstay.server.platform;

import static dev.mainstay.server.schema.Tables.KEYRING;

import java.time.Instant;
import java.util.Set;
import org.jooq.DSLContext;

/** Which keys a database knows. */
final class KeyringStore {

  Set<String> ids(DSLContext sql) {
    return sql.select(KEYRING.KEY_ID).from(KEYRING).fetchSet(KEYRING.KEY_ID);
  }

  void insert(Tx tx, String id, Instant now) {
    tx.sql()
        .insertInto(KEYRING, KEYRING.KEY_ID, KEYRING.CREATED_AT)
        .values(id, now)
        .onConflictDoNothing()
        .execute();
  }
}
