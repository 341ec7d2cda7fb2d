package dev.mainstay.server.identity;

import static dev.mainstay.server.identity.SessionStore.userMayCome;
import static dev.mainstay.server.schema.Tables.API_KEYS;
import static dev.mainstay.server.schema.Tables.MEMBERS;
import static dev.mainstay.server.schema.Tables.ORGANIZATIONS;
import static dev.mainstay.server.schema.Tables.USERS;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Principal;
import dev.mainstay.server.schema.tables.ApiKeys;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Table;

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

  /** Of a key by itself, whoever owns it. */
  static Condition isOn(Instant now) {
    return API_KEYS
        .REVOKED_AT
        .isNull()
        .and(API_KEYS.ENABLED.isTrue())
        .and(API_KEYS.EXPIRES_AT.isNull().or(API_KEYS.EXPIRES_AT.gt(now)));
  }

  private static Condition ownerIsThere(Instant now) {
    return API_KEYS
        .OWNED_BY_ORGANIZATION
        .isTrue()
        .and(ORGANIZATIONS.DELETED_AT.isNull())
        .or(MEMBERS.ID.isNotNull().and(userMayCome(now)));
  }

  Optional<KeyInUse> byHash(DSLContext sql, String secretHash, Instant now) {
    return find(sql, API_KEYS.SECRET_HASH.eq(secretHash), now).stream().findFirst();
  }

  /** Those of the keys that are valid. */
  List<Credential> valid(DSLContext sql, List<String> ids, Instant now) {
    return find(sql, API_KEYS.ID.in(ids), now).stream().map(KeyInUse::credential).toList();
  }

  private static List<KeyInUse> find(DSLContext sql, Condition which, Instant now) {
    return sql.select(
            API_KEYS.ID,
            API_KEYS.ORGANIZATION_ID,
            API_KEYS.USER_ID,
            API_KEYS.OWNED_BY_ORGANIZATION,
            API_KEYS.SCOPES,
            MEMBERS.ROLE,
            USERS.ROLE,
            API_KEYS.ROTATED_TO,
            API_KEYS.REMAINING,
            API_KEYS.REFILL_AMOUNT,
            API_KEYS.REFILL_INTERVAL,
            API_KEYS.REFILL_AT,
            API_KEYS.RATE_LIMIT_ENABLED,
            API_KEYS.RATE_LIMIT_MAX,
            API_KEYS.RATE_LIMIT_WINDOW)
        .select(
            COUNTED.REMAINING,
            COUNTED.REFILL_AMOUNT,
            COUNTED.REFILL_INTERVAL,
            COUNTED.REFILL_AT,
            COUNTED.RATE_LIMIT_ENABLED,
            COUNTED.RATE_LIMIT_MAX,
            COUNTED.RATE_LIMIT_WINDOW)
        .from(KEYS)
        .where(which)
        .and(isOn(now))
        .and(ownerIsThere(now))
        .fetch(KeyCredentialStore::inUse);
  }

  private static KeyInUse inUse(Record row) {
    boolean organizations = row.get(API_KEYS.OWNED_BY_ORGANIZATION);
    String rotatedTo = row.get(API_KEYS.ROTATED_TO);
    ApiKeys counted = rotatedTo == null ? API_KEYS : COUNTED;
    Credential credential =
        new Credential(
            row.get(API_KEYS.ID),
            row.get(API_KEYS.ORGANIZATION_ID),
            row.get(API_KEYS.USER_ID),
            row.get(API_KEYS.SCOPES),
            organizations ? ROLE_OF_ORGANIZATION : row.get(MEMBERS.ROLE),
            organizations ? User.USER : row.get(USERS.ROLE),
            Principal.Kind.KEY,
            row.get(API_KEYS.USER_ID));
    return new KeyInUse(
        credential,
        organizations,
        rotatedTo == null ? credential.id() : rotatedTo,
        new KeyLimits(
            row.get(counted.REMAINING),
            row.get(counted.REFILL_AMOUNT),
            row.get(counted.REFILL_INTERVAL),
            row.get(counted.RATE_LIMIT_ENABLED),
            row.get(counted.RATE_LIMIT_MAX),
            row.get(counted.RATE_LIMIT_WINDOW)),
        row.get(counted.REFILL_AT));
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
