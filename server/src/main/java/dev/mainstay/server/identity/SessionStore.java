package dev.mainstay.server.identity;

import static dev.mainstay.server.identity.SessionCredentialStore.SESSIONS_OF_MEMBERS;
import static dev.mainstay.server.identity.SessionCredentialStore.holds;
import static dev.mainstay.server.schema.Tables.SESSIONS;
import static dev.mainstay.server.schema.Tables.SIGN_IN_LINKS;
import static dev.mainstay.server.schema.Tables.USERS;

import dev.mainstay.server.platform.KeptStatement;
import dev.mainstay.server.platform.StatementReader;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.schema.tables.records.SessionsRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** The tables of sessions and of one-time sign-in links. */
final class SessionStore {
  /** Sessions of a user that are listed. */
  private static final int MAX_SESSIONS = 200;

  private static final KeptStatement BY_ID =
      new KeptStatement(
          sql ->
              sql.select(
                      SESSIONS.ID,
                      SESSIONS.ORGANIZATION_ID,
                      SESSIONS.TEAM_ID,
                      SESSIONS.USER_ID,
                      SESSIONS.SCOPES,
                      SESSIONS.API_KEY_ID,
                      SESSIONS.IMPERSONATED_BY,
                      SESSIONS.IP_ADDRESS,
                      SESSIONS.USER_AGENT)
                  .select(
                      SESSIONS.REMEMBERED,
                      SESSIONS.CREATED_AT,
                      SESSIONS.UPDATED_AT,
                      SESSIONS.EXPIRES_AT)
                  .from(SESSIONS)
                  .where(SESSIONS.ID.eq(DSL.param(SESSIONS.ID))));

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

  void insert(Tx tx, Session session, String tokenHash) {
    tx.sql().deleteFrom(SESSIONS).where(SESSIONS.EXPIRES_AT.le(session.createdAt())).execute();
    tx.sql()
        .insertInto(SESSIONS)
        .set(SESSIONS.ID, session.id())
        .set(SESSIONS.ORGANIZATION_ID, session.organizationId())
        .set(SESSIONS.TEAM_ID, session.teamId().orElse(null))
        .set(SESSIONS.USER_ID, session.userId())
        .set(SESSIONS.TOKEN_HASH, tokenHash)
        .set(SESSIONS.SCOPES, session.scopes())
        .set(SESSIONS.API_KEY_ID, session.apiKeyId().orElse(null))
        .set(SESSIONS.IP_ADDRESS, session.client().ipAddress())
        .set(SESSIONS.USER_AGENT, session.client().userAgent())
        .set(SESSIONS.REMEMBERED, session.remembered())
        .set(SESSIONS.IMPERSONATED_BY, session.impersonatedBy().orElse(null))
        .set(SESSIONS.CREATED_AT, session.createdAt())
        .set(SESSIONS.UPDATED_AT, session.updatedAt())
        .set(SESSIONS.EXPIRES_AT, session.expiresAt())
        .execute();
  }

  void setImpersonator(Tx tx, String id, String administratorsSession) {
    tx.sql()
        .update(SESSIONS)
        .set(SESSIONS.IMPERSONATOR_SESSION, administratorsSession)
        .where(SESSIONS.ID.eq(id))
        .execute();
  }

  Optional<Session> byId(StatementReader reader, String id) {
    return reader.fetchOptional(BY_ID, SessionStore::session, id);
  }

  /** With which key a session was opened; empty also if there is no such session. */
  Optional<String> apiKeyId(DSLContext sql, String id) {
    return keyOf(sql, id);
  }

  private static Optional<String> keyOf(DSLContext sql, String id) {
    return sql.select(SESSIONS.API_KEY_ID)
        .from(SESSIONS)
        .where(SESSIONS.ID.eq(id))
        .fetchOptional(SESSIONS.API_KEY_ID);
  }

  /** The valid sessions of these secrets, by their hashes. */
  Map<String, Session> byHashes(DSLContext sql, Collection<String> tokenHashes, Instant now) {
    return sql.select(SESSIONS.fields())
        .from(SESSIONS_OF_MEMBERS)
        .where(SESSIONS.TOKEN_HASH.in(tokenHashes))
        .and(holds(DSL.val(now, SESSIONS.EXPIRES_AT)))
        .fetchInto(SESSIONS)
        .intoMap(SessionsRecord::getTokenHash, SessionStore::session);
  }

  /** The sessions of a user, newest first. */
  List<Session> ofUser(DSLContext sql, String userId, Instant now) {
    return sql.select(SESSIONS.fields())
        .from(SESSIONS_OF_MEMBERS)
        .where(SESSIONS.USER_ID.eq(userId))
        .and(holds(DSL.val(now, SESSIONS.EXPIRES_AT)))
        .orderBy(SESSIONS.ID.desc())
        .limit(MAX_SESSIONS)
        .fetchInto(SESSIONS)
        .map(SessionStore::session);
  }

  /** The newest sessions that a session may see, newest first. */
  List<Session> visible(DSLContext sql, String userId, String sessionId, Instant now) {
    return sql.select(SESSIONS.fields())
        .from(SESSIONS_OF_MEMBERS)
        .where(isVisible(sql, userId, sessionId))
        .and(holds(DSL.val(now, SESSIONS.EXPIRES_AT)))
        .orderBy(SESSIONS.ID.desc())
        .limit(MAX_SESSIONS)
        .fetchInto(SESSIONS)
        .map(SessionStore::session);
  }

  private static Session session(SessionsRecord row) {
    return new Session(
        row.getId(),
        row.getOrganizationId(),
        Optional.ofNullable(row.getTeamId()),
        row.getUserId(),
        row.getScopes(),
        Optional.ofNullable(row.getApiKeyId()),
        Optional.ofNullable(row.getImpersonatedBy()),
        Client.stored(row.getIpAddress(), row.getUserAgent()),
        row.getRemembered(),
        row.getCreatedAt(),
        row.getUpdatedAt(),
        row.getExpiresAt());
  }

  /** Of {@link #BY_ID}. */
  private static Session session(ResultSet row) throws SQLException {
    return new Session(
        row.getString(1),
        row.getString(2),
        Optional.ofNullable(row.getString(3)),
        row.getString(4),
        row.getString(5),
        Optional.ofNullable(row.getString(6)),
        Optional.ofNullable(row.getString(7)),
        Client.stored(row.getString(8), row.getString(9)),
        row.getBoolean(10),
        Instant.ofEpochMilli(row.getLong(11)),
        Instant.ofEpochMilli(row.getLong(12)),
        Instant.ofEpochMilli(row.getLong(13)));
  }

  /** A session that a key has opened has no say over those of its user. */
  private static Condition isVisible(DSLContext sql, String userId, String sessionId) {
    Condition ofUser = SESSIONS.USER_ID.eq(userId);
    return keyOf(sql, sessionId).map(key -> ofUser.and(SESSIONS.API_KEY_ID.eq(key))).orElse(ofUser);
  }

  void setToken(Tx tx, String id, String tokenHash) {
    tx.sql()
        .update(SESSIONS)
        .set(SESSIONS.TOKEN_HASH, tokenHash)
        .where(SESSIONS.ID.eq(id))
        .execute();
  }

  void prolong(Tx tx, String id, Instant now, Instant expires) {
    tx.sql()
        .update(SESSIONS)
        .set(SESSIONS.UPDATED_AT, now)
        .set(SESSIONS.EXPIRES_AT, expires)
        .where(SESSIONS.ID.eq(id))
        .execute();
  }

  Optional<String> team(DSLContext sql, String id) {
    return sql.select(SESSIONS.TEAM_ID)
        .from(SESSIONS)
        .where(SESSIONS.ID.eq(id))
        .fetchOptional(SESSIONS.TEAM_ID);
  }

  void activate(Tx tx, String id, String organizationId, Optional<String> teamId) {
    tx.sql()
        .update(SESSIONS)
        .set(SESSIONS.ORGANIZATION_ID, organizationId)
        .set(SESSIONS.TEAM_ID, teamId.orElse(null))
        .where(SESSIONS.ID.eq(id))
        .execute();
  }

  /**
   * Sessions act in their users' own organizations instead of this one; those that keys have opened
   * end.
   *
   * @param userId of one user alone
   */
  void leave(Tx tx, String organizationId, Optional<String> userId) {
    Condition there =
        SESSIONS
            .ORGANIZATION_ID
            .eq(organizationId)
            .and(userId.map(SESSIONS.USER_ID::eq).orElseGet(DSL::noCondition));
    tx.sql().deleteFrom(SESSIONS).where(there).and(SESSIONS.API_KEY_ID.isNotNull()).execute();
    tx.sql()
        .update(SESSIONS)
        .set(
            SESSIONS.ORGANIZATION_ID,
            DSL.select(USERS.ORGANIZATION_ID).from(USERS).where(USERS.ID.eq(SESSIONS.USER_ID)))
        .setNull(SESSIONS.TEAM_ID)
        .where(there)
        .execute();
  }

  void leaveTeam(Tx tx, String teamId, Optional<String> userId) {
    tx.sql()
        .update(SESSIONS)
        .setNull(SESSIONS.TEAM_ID)
        .where(SESSIONS.TEAM_ID.eq(teamId))
        .and(userId.map(SESSIONS.USER_ID::eq).orElseGet(DSL::noCondition))
        .execute();
  }

  void delete(Tx tx, String id) {
    tx.sql().deleteFrom(SESSIONS).where(SESSIONS.ID.eq(id)).execute();
  }

  void deleteVisible(Tx tx, String userId, String sessionId, String id) {
    tx.sql()
        .deleteFrom(SESSIONS)
        .where(isVisible(tx.sql(), userId, sessionId))
        .and(SESSIONS.ID.eq(id))
        .execute();
  }

  void deleteOthers(Tx tx, String userId, String sessionId) {
    tx.sql()
        .deleteFrom(SESSIONS)
        .where(isVisible(tx.sql(), userId, sessionId))
        .and(SESSIONS.ID.ne(sessionId))
        .execute();
  }

  /** All sessions of a user, and their links that were not used. */
  void deleteAll(Tx tx, String userId) {
    tx.sql().deleteFrom(SESSIONS).where(SESSIONS.USER_ID.eq(userId)).execute();
    tx.sql().deleteFrom(SIGN_IN_LINKS).where(SIGN_IN_LINKS.USER_ID.eq(userId)).execute();
  }
}
