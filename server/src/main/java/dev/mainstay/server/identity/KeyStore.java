package dev.mainstay.server.identity;

import static dev.mainstay.server.identity.SessionStore.userMayCome;
import static dev.mainstay.server.schema.Tables.API_KEYS;
import static dev.mainstay.server.schema.Tables.MEMBERS;
import static dev.mainstay.server.schema.Tables.USERS;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Page;
import dev.mainstay.server.platform.http.Principal;
import dev.mainstay.server.schema.tables.records.ApiKeysRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** The table of API keys. */
final class KeyStore {

  /** Keys whose users are still in the organizations that the keys are for. */
  private static final Table<?> KEYS_OF_MEMBERS =
      API_KEYS
          .join(USERS)
          .on(USERS.ID.eq(API_KEYS.USER_ID))
          .join(MEMBERS)
          .on(MEMBERS.USER_ID.eq(API_KEYS.USER_ID))
          .and(MEMBERS.ORGANIZATION_ID.eq(API_KEYS.ORGANIZATION_ID));

  /** Whose key it is. */
  record Owner(String organizationId, String userId) {}

  void insert(Tx tx, ApiKeyView key, Owner owner, String secretHash) {
    tx.sql()
        .insertInto(API_KEYS)
        .set(API_KEYS.ID, key.id())
        .set(API_KEYS.ORGANIZATION_ID, owner.organizationId())
        .set(API_KEYS.USER_ID, owner.userId())
        .set(API_KEYS.NAME, key.name())
        .set(API_KEYS.PREFIX, key.prefix())
        .set(API_KEYS.SECRET_HASH, secretHash)
        .set(API_KEYS.SCOPES, Scopes.write(key.scopes()))
        .set(API_KEYS.CREATED_AT, key.createdAt())
        .execute();
  }

  Optional<Credential> byHash(DSLContext sql, String secretHash, Instant now) {
    return credentials(sql, API_KEYS.SECRET_HASH.eq(secretHash), now).stream().findFirst();
  }

  /** Those of the keys that are valid. */
  List<Credential> valid(DSLContext sql, List<String> ids, Instant now) {
    return credentials(sql, API_KEYS.ID.in(ids), now);
  }

  private static List<Credential> credentials(DSLContext sql, Condition which, Instant now) {
    return sql.select(
            API_KEYS.ID,
            API_KEYS.ORGANIZATION_ID,
            API_KEYS.USER_ID,
            API_KEYS.SCOPES,
            MEMBERS.ROLE,
            USERS.ROLE)
        .from(KEYS_OF_MEMBERS)
        .where(which)
        .and(API_KEYS.REVOKED_AT.isNull())
        .and(userMayCome(now))
        .fetch(
            row ->
                new Credential(
                    row.value1(),
                    row.value2(),
                    row.value3(),
                    row.value4(),
                    row.value5(),
                    row.value6(),
                    Principal.Kind.KEY,
                    row.value3()));
  }

  Page<ApiKeyView> page(DSLContext sql, String organizationId, String after, int limit) {
    List<ApiKeysRecord> rows =
        sql.selectFrom(API_KEYS)
            .where(API_KEYS.ORGANIZATION_ID.eq(organizationId))
            .and(API_KEYS.ID.gt(after))
            .orderBy(API_KEYS.ID)
            .limit(limit + 1)
            .fetch();
    return Page.of(rows, limit, KeyStore::view, ApiKeysRecord::getId);
  }

  private static ApiKeyView view(ApiKeysRecord row) {
    return new ApiKeyView(
        row.getId(),
        row.getName(),
        row.getPrefix(),
        Scopes.read(row.getScopes()),
        row.getCreatedAt(),
        row.getLastUsedAt(),
        row.getRevokedAt());
  }

  boolean revoke(Tx tx, String organizationId, String id, Instant now) {
    return tx.sql()
            .update(API_KEYS)
            .set(API_KEYS.REVOKED_AT, now)
            .where(API_KEYS.ID.eq(id))
            .and(API_KEYS.ORGANIZATION_ID.eq(organizationId))
            .and(API_KEYS.REVOKED_AT.isNull())
            .execute()
        > 0;
  }

  void revokeAll(Tx tx, String userId, Instant now) {
    tx.sql()
        .update(API_KEYS)
        .set(API_KEYS.REVOKED_AT, now)
        .where(API_KEYS.USER_ID.eq(userId))
        .and(API_KEYS.REVOKED_AT.isNull())
        .execute();
  }

  /**
   * Ends the keys of an organization.
   *
   * @param userId of one user alone
   */
  void revokeAll(Tx tx, String organizationId, Optional<String> userId, Instant now) {
    tx.sql()
        .update(API_KEYS)
        .set(API_KEYS.REVOKED_AT, now)
        .where(API_KEYS.ORGANIZATION_ID.eq(organizationId))
        .and(userId.map(API_KEYS.USER_ID::eq).orElseGet(DSL::noCondition))
        .and(API_KEYS.REVOKED_AT.isNull())
        .execute();
  }

  void touch(Tx tx, String id, Instant now) {
    tx.sql().update(API_KEYS).set(API_KEYS.LAST_USED_AT, now).where(API_KEYS.ID.eq(id)).execute();
  }
}
