package dev.mainstay.server.identity;

import static dev.mainstay.server.identity.SessionCredentialStore.userMayCome;
import static dev.mainstay.server.schema.Tables.API_KEYS;
import static dev.mainstay.server.schema.Tables.MEMBERS;
import static dev.mainstay.server.schema.Tables.ORGANIZATIONS;
import static dev.mainstay.server.schema.Tables.USERS;

import dev.mainstay.server.platform.KeptStatement;
import dev.mainstay.server.platform.StatementReader;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Principal;
import dev.mainstay.server.schema.tables.ApiKeys;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectConditionStep;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** What a request asks the table of API keys. */
final class KeyCredentialStore {

  /** An organization's key may do what its scopes say, so that it can do what an owner can. */
  private static final String ROLE_OF_ORGANIZATION = "owner";

  private static final ApiKeys COUNTED = API_KEYS.as("counted");

  /**
   * Keys with those who answer for them: a user's with the user and the membership, an
   * organization's with the organization. The tables of organizations are another capability's:
   * they are only read here, so that a request costs one statement.
   */
  private static final Table<?> KEYS =
      API_KEYS
          .join(USERS)
          .on(USERS.ID.eq(API_KEYS.USER_ID))
          .join(ORGANIZATIONS)
          .on(ORGANIZATIONS.ID.eq(API_KEYS.ORGANIZATION_ID))
          .leftJoin(MEMBERS)
          .on(MEMBERS.USER_ID.eq(API_KEYS.USER_ID))
          .and(MEMBERS.ORGANIZATION_ID.eq(API_KEYS.ORGANIZATION_ID))
          .leftJoin(COUNTED)
          .on(COUNTED.ID.eq(API_KEYS.ROTATED_TO));

  private static final List<Field<?>> CREDENTIAL =
      List.of(
          API_KEYS.ID,
          API_KEYS.ORGANIZATION_ID,
          API_KEYS.USER_ID,
          API_KEYS.OWNED_BY_ORGANIZATION,
          API_KEYS.SCOPES,
          MEMBERS.ROLE,
          USERS.ROLE,
          API_KEYS.ROTATED_TO);

  private static final KeptStatement BY_HASH =
      new KeptStatement(
          sql ->
              credentials(
                  sql,
                  API_KEYS.SECRET_HASH.eq(DSL.param(API_KEYS.SECRET_HASH)),
                  DSL.param(API_KEYS.EXPIRES_AT)));

  /** Of a key by itself, whoever owns it. */
  static Condition isOn(Field<Instant> now) {
    return API_KEYS
        .REVOKED_AT
        .isNull()
        .and(API_KEYS.ENABLED.isTrue())
        .and(API_KEYS.EXPIRES_AT.isNull().or(API_KEYS.EXPIRES_AT.gt(now)));
  }

  private static Condition ownerIsThere(Field<Instant> now) {
    return API_KEYS
        .OWNED_BY_ORGANIZATION
        .isTrue()
        .and(ORGANIZATIONS.DELETED_AT.isNull())
        .or(MEMBERS.ID.isNotNull().and(userMayCome(now)));
  }

  Optional<KeyInUse> byHash(StatementReader reader, String secretHash, Instant now) {
    return reader.fetchOptional(BY_HASH, KeyCredentialStore::inUse, secretHash, now, now);
  }

  /** Those of the keys that are valid. */
  List<Credential> valid(DSLContext sql, List<String> ids, Instant now) {
    return credentials(sql, API_KEYS.ID.in(ids), DSL.val(now, API_KEYS.EXPIRES_AT))
        .fetch(
            row ->
                credential(
                    row.get(API_KEYS.ID),
                    row.get(API_KEYS.ORGANIZATION_ID),
                    row.get(API_KEYS.USER_ID),
                    row.get(API_KEYS.OWNED_BY_ORGANIZATION),
                    row.get(API_KEYS.SCOPES),
                    row.get(MEMBERS.ROLE),
                    row.get(USERS.ROLE)));
  }

  private static SelectConditionStep<Record> credentials(
      DSLContext sql, Condition which, Field<Instant> now) {
    return sql.select(CREDENTIAL)
        .select(limits(API_KEYS))
        .select(limits(COUNTED))
        .from(KEYS)
        .where(which)
        .and(isOn(now))
        .and(ownerIsThere(now));
  }

  private static List<Field<?>> limits(ApiKeys keys) {
    return List.of(
        keys.REMAINING,
        keys.REFILL_AMOUNT,
        keys.REFILL_INTERVAL,
        keys.RATE_LIMIT_ENABLED,
        keys.RATE_LIMIT_MAX,
        keys.RATE_LIMIT_WINDOW,
        keys.REFILL_AT);
  }

  private static Credential credential(
      String id,
      String organizationId,
      String userId,
      boolean organizations,
      String scopes,
      @Nullable String memberRole,
      String userRole) {
    return new Credential(
        id,
        organizationId,
        userId,
        scopes,
        organizations ? ROLE_OF_ORGANIZATION : Objects.requireNonNull(memberRole),
        organizations ? User.USER : userRole,
        Principal.Kind.KEY,
        organizations,
        false,
        userId);
  }

  /** Of {@link #BY_HASH}. */
  private static KeyInUse inUse(ResultSet row) throws SQLException {
    boolean organizations = row.getBoolean(4);
    Credential credential =
        credential(
            row.getString(1),
            row.getString(2),
            row.getString(3),
            organizations,
            row.getString(5),
            row.getString(6),
            row.getString(7));
    String rotatedTo = row.getString(8);
    int limits = CREDENTIAL.size() + (rotatedTo == null ? 1 : 1 + limits(COUNTED).size());
    Long refillAt = number(row, limits + 6);
    return new KeyInUse(
        credential,
        organizations,
        rotatedTo == null ? credential.id() : rotatedTo,
        new KeyLimits(
            number(row, limits),
            number(row, limits + 1),
            number(row, limits + 2),
            row.getBoolean(limits + 3),
            number(row, limits + 4),
            number(row, limits + 5)),
        refillAt == null ? null : Instant.ofEpochMilli(refillAt));
  }

  private static @Nullable Long number(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  /** Fills up what a key has left, if it is time: of two requests at once, one does. */
  void refill(Tx tx, String id, long amount, Instant now, Instant next) {
    tx.sql()
        .update(API_KEYS)
        .set(API_KEYS.REMAINING, amount)
        .set(API_KEYS.LAST_REFILL_AT, now)
        .set(API_KEYS.REFILL_AT, next)
        .where(API_KEYS.ID.eq(id))
        .and(API_KEYS.REFILL_AT.le(now))
        .execute();
  }

  /** Takes one of the requests that a key has left; false if there is none. */
  boolean spend(Tx tx, String id) {
    return tx.sql()
            .update(API_KEYS)
            .set(API_KEYS.REMAINING, API_KEYS.REMAINING.minus(1))
            .where(API_KEYS.ID.eq(id))
            .and(API_KEYS.REMAINING.gt(0L))
            .execute()
        > 0;
  }

  void touch(Tx tx, String id, Instant now) {
    tx.sql().update(API_KEYS).set(API_KEYS.LAST_USED_AT, now).where(API_KEYS.ID.eq(id)).execute();
  }
}
