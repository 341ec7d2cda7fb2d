package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.PASSKEYS;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.PasskeysRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/** The table of passkeys. */
final class PasskeyStore {

  /**
   * @return false if the credential is there already, whosever it is
   */
  boolean insert(Tx tx, Passkey passkey) {
    return tx.sql()
            .insertInto(PASSKEYS)
            .set(PASSKEYS.ID, passkey.id())
            .set(PASSKEYS.USER_ID, passkey.userId())
            .set(PASSKEYS.NAME, passkey.name().orElse(null))
            .set(PASSKEYS.CREDENTIAL_ID, passkey.credentialId())
            .set(PASSKEYS.AAGUID, passkey.aaguid())
            .set(PASSKEYS.PUBLIC_KEY, passkey.publicKey())
            .set(PASSKEYS.COUNTER, passkey.counter())
            .set(PASSKEYS.BACKUP_ABLE, passkey.backupAble())
            .set(PASSKEYS.BACKED_UP, passkey.backedUp())
            .set(PASSKEYS.TRANSPORTS, String.join(",", passkey.transports()))
            .set(PASSKEYS.CREATED_AT, passkey.createdAt())
            .onConflict(PASSKEYS.CREDENTIAL_ID)
            .doNothing()
            .execute()
        == 1;
  }

  private static Passkey passkey(PasskeysRecord row) {
    String transports = row.getTransports();
    return new Passkey(
        row.getId(),
        row.getUserId(),
        Optional.ofNullable(row.getName()),
        row.getCredentialId(),
        row.getAaguid(),
        row.getPublicKey(),
        row.getCounter(),
        row.getBackupAble(),
        row.getBackedUp(),
        transports.isEmpty() ? List.of() : List.of(transports.split(",", -1)),
        row.getCreatedAt());
  }

  Optional<Passkey> byCredential(DSLContext sql, String credentialId) {
    return sql.selectFrom(PASSKEYS)
        .where(PASSKEYS.CREDENTIAL_ID.eq(credentialId))
        .fetchOptional(PasskeyStore::passkey);
  }

  Optional<Passkey> find(DSLContext sql, String userId, String id) {
    return sql.selectFrom(PASSKEYS)
        .where(PASSKEYS.USER_ID.eq(userId))
        .and(PASSKEYS.ID.eq(id))
        .fetchOptional(PasskeyStore::passkey);
  }

  List<Passkey> ofUser(DSLContext sql, String userId) {
    return sql.selectFrom(PASSKEYS)
        .where(PASSKEYS.USER_ID.eq(userId))
        .orderBy(PASSKEYS.ID)
        .fetch(PasskeyStore::passkey);
  }

  /**
   * Writes down a signature.
   *
   * @return false if one with this count, or a higher one, was taken: there are two authenticators
   */
  boolean used(Tx tx, String id, long counter, boolean backedUp) {
    return tx.sql()
            .update(PASSKEYS)
            .set(PASSKEYS.COUNTER, counter)
            .set(PASSKEYS.BACKED_UP, backedUp)
            .where(PASSKEYS.ID.eq(id))
            .and(counter == 0 ? PASSKEYS.COUNTER.eq(0L) : PASSKEYS.COUNTER.lt(counter))
            .execute()
        == 1;
  }

  void rename(Tx tx, String id, String name) {
    tx.sql().update(PASSKEYS).set(PASSKEYS.NAME, name).where(PASSKEYS.ID.eq(id)).execute();
  }

  boolean delete(Tx tx, String userId, String id) {
    return tx.sql()
            .deleteFrom(PASSKEYS)
            .where(PASSKEYS.USER_ID.eq(userId))
            .and(PASSKEYS.ID.eq(id))
            .execute()
        == 1;
  }

  void deleteSince(Tx tx, String userId, Instant since) {
    tx.sql()
        .deleteFrom(PASSKEYS)
        .where(PASSKEYS.USER_ID.eq(userId))
        .and(PASSKEYS.CREATED_AT.ge(since))
        .execute();
  }

  void deleteAll(Tx tx, String userId) {
    tx.sql().deleteFrom(PASSKEYS).where(PASSKEYS.USER_ID.eq(userId)).execute();
  }
}
