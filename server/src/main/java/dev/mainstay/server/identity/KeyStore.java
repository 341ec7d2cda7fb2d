package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.API_KEYS;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Page;
import dev.mainstay.server.schema.tables.records.ApiKeysRecord;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectConditionStep;
import org.jooq.SortField;
import org.jooq.TableField;
import org.jooq.impl.DSL;

/** The table of API keys. What a request asks of it is in {@link KeyCredentialStore}. */
final class KeyStore {
  /** All but the secret's hash, which nobody needs who does not authenticate. */
  private static final List<Field<?>> SHOWN =
      Arrays.stream(API_KEYS.fields())
          .filter(field -> !field.equals(API_KEYS.SECRET_HASH))
          .toList();

  void insert(Tx tx, ApiKey key, String secretHash) {
    ApiKeysRecord row = changes(tx, key);
    row.setId(key.id());
    row.setOrganizationId(key.owner().organizationId());
    row.setUserId(key.owner().userId());
    row.setOwnedByOrganization(key.owner().organization());
    row.setPrefix(key.start());
    row.setOwnPrefix(key.prefix());
    row.setSecretHash(secretHash);
    row.setLastRefillAt(key.lastRefillAt());
    row.setRotatedFrom(key.rotatedFrom());
    row.setCreatedAt(key.createdAt());
    row.insert();
  }

  private static ApiKeysRecord changes(Tx tx, ApiKey key) {
    ApiKeysRecord row = tx.sql().newRecord(API_KEYS);
    row.setName(key.name());
    row.setScopes(Scopes.write(key.scopes()));
    row.setEnabled(key.enabled());
    row.setExpiresAt(key.expiresAt());
    row.setRemaining(key.limits().remaining());
    row.setRefillAmount(key.limits().refillAmount());
    row.setRefillInterval(key.limits().refillInterval());
    row.setRefillAt(key.refillAt());
    row.setRateLimitEnabled(key.limits().rateLimitEnabled());
    row.setRateLimitMax(key.limits().rateLimitMax());
    row.setRateLimitWindow(key.limits().rateLimitTimeWindow());
    row.setMetadata(key.metadata());
    row.setUpdatedAt(key.updatedAt());
    return row;
  }

  /** Writes what {@link ApiKey.Change} has; the row is locked. */
  void update(Tx tx, ApiKey key) {
    tx.sql().update(API_KEYS).set(changes(tx, key)).where(API_KEYS.ID.eq(key.id())).execute();
  }

  Optional<ApiKey> find(DSLContext sql, String id) {
    return present(sql, id).fetchOptional(KeyStore::key);
  }

  /** As {@link #find}, and nobody else changes the row before this transaction ends. */
  Optional<ApiKey> lock(Tx tx, String id) {
    return tx.locking(present(tx.sql(), id)).fetchOptional(KeyStore::key);
  }

  private static SelectConditionStep<Record> present(DSLContext sql, String id) {
    return sql.select(SHOWN)
        .from(API_KEYS)
        .where(API_KEYS.ID.eq(id))
        .and(API_KEYS.REVOKED_AT.isNull());
  }

  Page<ApiKeyView> page(DSLContext sql, String organizationId, String after, int limit) {
    List<ApiKey> keys =
        sql.select(SHOWN)
            .from(API_KEYS)
            .where(API_KEYS.ORGANIZATION_ID.eq(organizationId))
            .and(API_KEYS.ID.gt(after))
            .orderBy(API_KEYS.ID)
            .limit(limit + 1)
            .fetch(KeyStore::key);
    return Page.of(keys, limit, ApiKey::view, ApiKey::id);
  }

  /** A part of somebody's keys, or of an organization's. */
  record Query(KeyOwner of, Order order, boolean descending, int limit, int offset) {}

  private static Condition isOf(KeyOwner owner) {
    Condition whose =
        owner.organization()
            ? API_KEYS.ORGANIZATION_ID.eq(owner.organizationId())
            : API_KEYS.USER_ID.eq(owner.userId());
    return whose
        .and(API_KEYS.OWNED_BY_ORGANIZATION.eq(owner.organization()))
        .and(API_KEYS.REVOKED_AT.isNull());
  }

  /** By what a list is ordered. */
  enum Order {
    ID,
    NAME,
    CREATED_AT,
    UPDATED_AT,
    EXPIRES_AT,
    LAST_REQUEST
  }

  List<ApiKey> list(DSLContext sql, Query query) {
    TableField<ApiKeysRecord, ?> field = field(query.order());
    SortField<?> order = query.descending() ? field.desc() : field.asc();
    return sql.select(SHOWN)
        .from(API_KEYS)
        .where(isOf(query.of()))
        .orderBy(order, API_KEYS.ID.asc())
        .limit(query.limit())
        .offset(query.offset())
        .fetch(KeyStore::key);
  }

  int count(DSLContext sql, Query query) {
    return sql.fetchCount(API_KEYS, isOf(query.of()));
  }

  private static TableField<ApiKeysRecord, ?> field(Order order) {
    return switch (order) {
      case ID -> API_KEYS.ID;
      case NAME -> API_KEYS.NAME;
      case CREATED_AT -> API_KEYS.CREATED_AT;
      case UPDATED_AT -> API_KEYS.UPDATED_AT;
      case EXPIRES_AT -> API_KEYS.EXPIRES_AT;
      case LAST_REQUEST -> API_KEYS.LAST_USED_AT;
    };
  }

  private static ApiKey key(Record found) {
    ApiKeysRecord row = found.into(API_KEYS);
    return new ApiKey(
        row.getId(),
        new KeyOwner(row.getOrganizationId(), row.getUserId(), row.getOwnedByOrganization()),
        row.getName(),
        row.getOwnPrefix(),
        row.getPrefix(),
        Scopes.read(row.getScopes()),
        row.getEnabled(),
        row.getExpiresAt(),
        new KeyLimits(
            row.getRemaining(),
            row.getRefillAmount(),
            row.getRefillInterval(),
            row.getRateLimitEnabled(),
            row.getRateLimitMax(),
            row.getRateLimitWindow()),
        row.getRefillAt(),
        row.getLastRefillAt(),
        row.getMetadata(),
        row.getRotatedFrom(),
        row.getRotatedTo(),
        row.getCreatedAt(),
        Objects.requireNonNullElse(row.getUpdatedAt(), row.getCreatedAt()),
        row.getLastUsedAt(),
        row.getRevokedAt());
  }

  /** One key takes the place of another, and of those before it that are still in use. */
  void rotate(Tx tx, String id, String successor, Instant ends, Instant now) {
    tx.sql()
        .update(API_KEYS)
        .set(API_KEYS.ROTATED_TO, successor)
        .set(API_KEYS.EXPIRES_AT, ends)
        .set(API_KEYS.UPDATED_AT, now)
        .where(API_KEYS.ID.eq(id))
        .execute();
    tx.sql()
        .update(API_KEYS)
        .set(API_KEYS.ROTATED_TO, successor)
        .where(API_KEYS.ROTATED_TO.eq(id))
        .execute();
  }

  void revoke(Tx tx, String id, Instant now) {
    revokeWhere(tx, API_KEYS.ID.eq(id), now);
  }

  /** Ends the keys of somebody who goes; those of organizations stay. */
  void revokeAll(Tx tx, String userId, Instant now) {
    revokeWhere(tx, API_KEYS.USER_ID.eq(userId).and(API_KEYS.OWNED_BY_ORGANIZATION.isFalse()), now);
  }

  /** Ends the keys that somebody has made since a time, those for organizations too. */
  void revokeSince(Tx tx, String userId, Instant since, Instant now) {
    revokeWhere(tx, API_KEYS.USER_ID.eq(userId).and(API_KEYS.CREATED_AT.ge(since)), now);
  }

  /**
   * Ends the keys of an organization.
   *
   * @param userId of one user alone; the organization's own stay then
   */
  void revokeAll(Tx tx, String organizationId, Optional<String> userId, Instant now) {
    revokeWhere(
        tx,
        API_KEYS
            .ORGANIZATION_ID
            .eq(organizationId)
            .and(
                userId
                    .map(
                        id -> API_KEYS.USER_ID.eq(id).and(API_KEYS.OWNED_BY_ORGANIZATION.isFalse()))
                    .orElseGet(DSL::noCondition)),
        now);
  }

  private static void revokeWhere(Tx tx, Condition which, Instant now) {
    tx.sql()
        .update(API_KEYS)
        .set(API_KEYS.REVOKED_AT, now)
        .where(which)
        .and(API_KEYS.REVOKED_AT.isNull())
        .execute();
  }
}
