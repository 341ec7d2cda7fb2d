package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.API_KEYS;
import static dev.mainstay.server.schema.Tables.ORGANIZATIONS;
import static dev.mainstay.server.schema.Tables.SESSIONS;
import static dev.mainstay.server.schema.Tables.SIGN_IN_LINKS;
import static dev.mainstay.server.schema.Tables.USERS;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Page;
import dev.mainstay.server.schema.tables.records.ApiKeysRecord;
import dev.mainstay.server.schema.tables.records.SessionsRecord;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record4;
import org.jooq.Table;

/** The tables of people and their credentials. */
final class IdentityStore {
  /** Sessions of a user that are listed. */
  private static final int MAX_SESSIONS = 200;

  /** Ids in one statement. */
  private static final int MAX_IDS = 500;

  /** A user in an organization. */
  record User(String id, String organizationId, String name) {}

  /** A credential that is valid now. */
  record Credential(String id, String organizationId, String userId, String scopes) {}

  Optional<User> firstUser(DSLContext sql) {
    return sql.select(USERS.ID, USERS.ORGANIZATION_ID, USERS.NAME)
        .from(USERS)
        .orderBy(USERS.ID)
        .limit(1)
        .fetchOptional(row -> new User(row.value1(), row.value2(), row.value3()));
  }

  Optional<User> user(DSLContext sql, String id) {
    return sql.select(USERS.ID, USERS.ORGANIZATION_ID, USERS.NAME)
        .from(USERS)
        .where(USERS.ID.eq(id))
        .fetchOptional(row -> new User(row.value1(), row.value2(), row.value3()));
  }

  void insertOrganization(Tx tx, String id, String name, Instant now) {
    tx.sql()
        .insertInto(ORGANIZATIONS)
        .set(ORGANIZATIONS.ID, id)
        .set(ORGANIZATIONS.NAME, name)
        .set(ORGANIZATIONS.CREATED_AT, now)
        .execute();
  }

  void insertUser(Tx tx, User user, Instant now) {
    tx.sql()
        .insertInto(USERS)
        .set(USERS.ID, user.id())
        .set(USERS.ORGANIZATION_ID, user.organizationId())
        .set(USERS.NAME, user.name())
        .set(USERS.CREATED_AT, now)
        .execute();
  }

  void insertKey(Tx tx, ApiKeyView key, User owner, String secretHash) {
    tx.sql()
        .insertInto(API_KEYS)
        .set(API_KEYS.ID, key.id())
        .set(API_KEYS.ORGANIZATION_ID, owner.organizationId())
        .set(API_KEYS.USER_ID, owner.id())
        .set(API_KEYS.NAME, key.name())
        .set(API_KEYS.PREFIX, key.prefix())
        .set(API_KEYS.SECRET_HASH, secretHash)
        .set(API_KEYS.SCOPES, Scopes.write(key.scopes()))
        .set(API_KEYS.CREATED_AT, key.createdAt())
        .execute();
  }

  Optional<Credential> keyByHash(DSLContext sql, String secretHash) {
    return sql.select(API_KEYS.ID, API_KEYS.ORGANIZATION_ID, API_KEYS.USER_ID, API_KEYS.SCOPES)
        .from(API_KEYS)
        .where(API_KEYS.SECRET_HASH.eq(secretHash))
        .and(API_KEYS.REVOKED_AT.isNull())
        .fetchOptional(IdentityStore::credential);
  }

  Page<ApiKeyView> keys(DSLContext sql, String organizationId, String after, int limit) {
    List<ApiKeysRecord> rows =
        sql.selectFrom(API_KEYS)
            .where(API_KEYS.ORGANIZATION_ID.eq(organizationId))
            .and(API_KEYS.ID.gt(after))
            .orderBy(API_KEYS.ID)
            .limit(limit + 1)
            .fetch();
    return Page.of(rows, limit, IdentityStore::view, ApiKeysRecord::getId);
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

  boolean revokeKey(Tx tx, String organizationId, String id, Instant now) {
    return tx.sql()
            .update(API_KEYS)
            .set(API_KEYS.REVOKED_AT, now)
            .where(API_KEYS.ID.eq(id))
            .and(API_KEYS.ORGANIZATION_ID.eq(organizationId))
            .and(API_KEYS.REVOKED_AT.isNull())
            .execute()
        > 0;
  }

  void touchKey(Tx tx, String id, Instant now) {
    tx.sql().update(API_KEYS).set(API_KEYS.LAST_USED_AT, now).where(API_KEYS.ID.eq(id)).execute();
  }

  void insertLink(Tx tx, String tokenHash, User user, Instant now, Instant expires) {
    tx.sql().deleteFrom(SIGN_IN_LINKS).where(SIGN_IN_LINKS.EXPIRES_AT.le(now)).execute();
    tx.sql()
        .insertInto(SIGN_IN_LINKS)
        .set(SIGN_IN_LINKS.TOKEN_HASH, tokenHash)
        .set(SIGN_IN_LINKS.ORGANIZATION_ID, user.organizationId())
        .set(SIGN_IN_LINKS.USER_ID, user.id())
        .set(SIGN_IN_LINKS.CREATED_AT, now)
        .set(SIGN_IN_LINKS.EXPIRES_AT, expires)
        .execute();
  }

  /** Uses a link up: of two requests with the same token one gets the user. */
  Optional<String> takeLink(Tx tx, String tokenHash, Instant now) {
    return tx.sql()
        .deleteFrom(SIGN_IN_LINKS)
        .where(SIGN_IN_LINKS.TOKEN_HASH.eq(tokenHash))
        .and(SIGN_IN_LINKS.EXPIRES_AT.gt(now))
        .returningResult(SIGN_IN_LINKS.USER_ID)
        .fetchOptional(SIGN_IN_LINKS.USER_ID);
  }

  /** A session that is to be stored. */
  record NewSession(
      String id,
      String tokenHash,
      String scopes,
      Optional<String> apiKeyId,
      Identity.Client client,
      Instant expires) {}

  void insertSession(Tx tx, NewSession session, User user, Instant now) {
    tx.sql().deleteFrom(SESSIONS).where(SESSIONS.EXPIRES_AT.le(now)).execute();
    tx.sql()
        .insertInto(SESSIONS)
        .set(SESSIONS.ID, session.id())
        .set(SESSIONS.ORGANIZATION_ID, user.organizationId())
        .set(SESSIONS.USER_ID, user.id())
        .set(SESSIONS.TOKEN_HASH, session.tokenHash())
        .set(SESSIONS.SCOPES, session.scopes())
        .set(SESSIONS.API_KEY_ID, session.apiKeyId().orElse(null))
        .set(SESSIONS.IP_ADDRESS, session.client().ipAddress())
        .set(SESSIONS.USER_AGENT, session.client().userAgent())
        .set(SESSIONS.CREATED_AT, now)
        .set(SESSIONS.EXPIRES_AT, session.expires())
        .execute();
  }

  /** Sessions, with the keys that have opened them. */
  private static final Table<?> SESSIONS_AND_KEYS =
      SESSIONS.leftJoin(API_KEYS).on(API_KEYS.ID.eq(SESSIONS.API_KEY_ID));

  /** Of {@link #SESSIONS_AND_KEYS}: a session made from a key ends with the key. */
  private static Condition holds(Instant now) {
    return SESSIONS.EXPIRES_AT.gt(now).and(API_KEYS.REVOKED_AT.isNull());
  }

  Optional<Credential> sessionByHash(DSLContext sql, String tokenHash, Instant now) {
    return sql.select(SESSIONS.ID, SESSIONS.ORGANIZATION_ID, SESSIONS.USER_ID, SESSIONS.SCOPES)
        .from(SESSIONS_AND_KEYS)
        .where(SESSIONS.TOKEN_HASH.eq(tokenHash))
        .and(holds(now))
        .fetchOptional(IdentityStore::credential);
  }

  /** Those of the keys and sessions that are valid. */
  Set<String> valid(DSLContext sql, Set<String> ids, Instant now) {
    Set<String> valid = new HashSet<>();
    List<String> all = List.copyOf(ids);
    for (int from = 0; from < all.size(); from += MAX_IDS) {
      List<String> some = all.subList(from, Math.min(all.size(), from + MAX_IDS));
      valid.addAll(
          sql.select(API_KEYS.ID)
              .from(API_KEYS)
              .where(API_KEYS.ID.in(some))
              .and(API_KEYS.REVOKED_AT.isNull())
              .fetch(API_KEYS.ID));
      valid.addAll(
          sql.select(SESSIONS.ID)
              .from(SESSIONS_AND_KEYS)
              .where(SESSIONS.ID.in(some))
              .and(holds(now))
              .fetch(SESSIONS.ID));
    }
    return valid;
  }

  private static Credential credential(Record4<String, String, String, String> row) {
    return new Credential(row.value1(), row.value2(), row.value3(), row.value4());
  }

  void deleteSessionsAndLinks(Tx tx, String userId) {
    tx.sql().deleteFrom(SESSIONS).where(SESSIONS.USER_ID.eq(userId)).execute();
    tx.sql().deleteFrom(SIGN_IN_LINKS).where(SIGN_IN_LINKS.USER_ID.eq(userId)).execute();
  }

  /** The newest sessions that a session may see, newest first. */
  List<SessionView> sessions(DSLContext sql, String userId, String sessionId, Instant now) {
    return sql.select(SESSIONS.fields())
        .from(SESSIONS_AND_KEYS)
        .where(visible(sql, userId, sessionId))
        .and(holds(now))
        .orderBy(SESSIONS.ID.desc())
        .limit(MAX_SESSIONS)
        .fetchInto(SESSIONS)
        .map(row -> view(row, sessionId));
  }

  private static SessionView view(SessionsRecord row, String current) {
    return new SessionView(
        row.getId(),
        row.getId(),
        row.getUserId(),
        row.getCreatedAt(),
        row.getCreatedAt(),
        row.getExpiresAt(),
        Objects.requireNonNullElse(row.getIpAddress(), ""),
        Objects.requireNonNullElse(row.getUserAgent(), ""),
        row.getId().equals(current));
  }

  /** A session that a key has opened has no say over those of its user. */
  private static Condition visible(DSLContext sql, String userId, String sessionId) {
    String apiKeyId =
        sql.select(SESSIONS.API_KEY_ID)
            .from(SESSIONS)
            .where(SESSIONS.ID.eq(sessionId))
            .fetchOne(SESSIONS.API_KEY_ID);
    Condition ofUser = SESSIONS.USER_ID.eq(userId);
    return apiKeyId == null ? ofUser : ofUser.and(SESSIONS.API_KEY_ID.eq(apiKeyId));
  }

  void deleteSession(Tx tx, String userId, String sessionId, String id) {
    tx.sql()
        .deleteFrom(SESSIONS)
        .where(visible(tx.sql(), userId, sessionId))
        .and(SESSIONS.ID.eq(id))
        .execute();
  }

  void deleteOtherSessions(Tx tx, String userId, String sessionId) {
    tx.sql()
        .deleteFrom(SESSIONS)
        .where(visible(tx.sql(), userId, sessionId))
        .and(SESSIONS.ID.ne(sessionId))
        .execute();
  }

  void deleteSession(Tx tx, String id) {
    tx.sql().deleteFrom(SESSIONS).where(SESSIONS.ID.eq(id)).execute();
  }
}
