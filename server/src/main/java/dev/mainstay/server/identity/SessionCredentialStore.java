package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.API_KEYS;
import static dev.mainstay.server.schema.Tables.MEMBERS;
import static dev.mainstay.server.schema.Tables.SESSIONS;
import static dev.mainstay.server.schema.Tables.USERS;

import dev.mainstay.server.platform.KeptStatement;
import dev.mainstay.server.platform.StatementReader;
import dev.mainstay.server.platform.http.Principal;
import dev.mainstay.server.schema.tables.Sessions;
import dev.mainstay.server.schema.tables.Users;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record8;
import org.jooq.SelectConditionStep;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** What a request asks the table of sessions. */
final class SessionCredentialStore {
  /**
   * Sessions with their users, who are in the sessions' organizations, and the keys that have
   * opened them. The members' table is another capability's: it is only read here, so that a
   * request costs one statement.
   */
  static final Table<?> SESSIONS_OF_MEMBERS =
      SESSIONS
          .join(USERS)
          .on(USERS.ID.eq(SESSIONS.USER_ID))
          .join(MEMBERS)
          .on(MEMBERS.USER_ID.eq(SESSIONS.USER_ID))
          .and(MEMBERS.ORGANIZATION_ID.eq(SESSIONS.ORGANIZATION_ID))
          .leftJoin(API_KEYS)
          .on(API_KEYS.ID.eq(SESSIONS.API_KEY_ID));

  private static final KeptStatement BY_HASH =
      new KeptStatement(
          sql ->
              credentials(
                  sql,
                  SESSIONS.TOKEN_HASH.eq(DSL.param(SESSIONS.TOKEN_HASH)),
                  DSL.param(SESSIONS.EXPIRES_AT)));

  /** Of a user: they are there, and not banned. */
  static Condition userMayCome(Field<Instant> now) {
    return USERS.DELETED_AT.isNull().and(USERS.BANNED.isFalse().or(USERS.BAN_EXPIRES_AT.le(now)));
  }

  /**
   * Of {@link #SESSIONS_OF_MEMBERS}: a session made from a key ends with the key, and when the key
   * gets limits, which the session would pass by.
   */
  static Condition holds(Field<Instant> now) {
    Condition byKey =
        SESSIONS
            .API_KEY_ID
            .isNull()
            .or(
                KeyCredentialStore.isOn(now)
                    .and(API_KEYS.REMAINING.isNull())
                    .and(API_KEYS.RATE_LIMIT_ENABLED.isFalse()));
    return SESSIONS.EXPIRES_AT.gt(now).and(byKey).and(userMayCome(now)).and(inOwnNameOr(now));
  }

  /**
   * A session in somebody's name lasts while its administrator is one, is not banned, and is signed
   * in themselves.
   */
  private static Condition inOwnNameOr(Field<Instant> now) {
    Users admin = USERS.as("impersonator");
    Sessions own = SESSIONS.as("impersonators");
    return SESSIONS
        .IMPERSONATED_BY
        .isNull()
        .or(
            DSL.exists(
                DSL.selectOne()
                    .from(admin)
                    .join(own)
                    .on(own.USER_ID.eq(admin.ID))
                    .where(admin.ID.eq(SESSIONS.IMPERSONATED_BY))
                    .and(admin.ROLE.eq(DSL.inline(User.ADMIN)))
                    .and(admin.DELETED_AT.isNull())
                    .and(admin.BANNED.isFalse().or(admin.BAN_EXPIRES_AT.le(now)))
                    .and(own.ID.eq(SESSIONS.IMPERSONATOR_SESSION))
                    .and(own.EXPIRES_AT.gt(now))));
  }

  Optional<Credential> byHash(StatementReader reader, String tokenHash, Instant now) {
    return reader.fetchOptional(
        BY_HASH,
        row ->
            credential(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8)),
        tokenHash,
        now,
        now,
        now,
        now,
        now);
  }

  /** Those of the sessions that are valid. */
  List<Credential> valid(DSLContext sql, List<String> ids, Instant now) {
    return credentials(sql, SESSIONS.ID.in(ids), DSL.val(now, SESSIONS.EXPIRES_AT))
        .fetch(
            row ->
                credential(
                    row.value1(),
                    row.value2(),
                    row.value3(),
                    row.value4(),
                    row.value5(),
                    row.value6(),
                    row.value7(),
                    row.value8()));
  }

  private static SelectConditionStep<
          Record8<String, String, String, String, String, String, String, String>>
      credentials(DSLContext sql, Condition which, Field<Instant> now) {
    return sql.select(
            SESSIONS.ID,
            SESSIONS.ORGANIZATION_ID,
            SESSIONS.USER_ID,
            SESSIONS.SCOPES,
            MEMBERS.ROLE,
            USERS.ROLE,
            SESSIONS.API_KEY_ID,
            SESSIONS.IMPERSONATED_BY)
        .from(SESSIONS_OF_MEMBERS)
        .where(which)
        .and(holds(now));
  }

  private static Credential credential(
      String id,
      String organizationId,
      String userId,
      String scopes,
      String memberRole,
      String userRole,
      @Nullable String apiKeyId,
      @Nullable String impersonatedBy) {
    return new Credential(
        id,
        organizationId,
        userId,
        scopes,
        memberRole,
        userRole,
        apiKeyId == null && impersonatedBy == null
            ? Principal.Kind.SESSION
            : Principal.Kind.LENT_SESSION,
        false,
        false,
        impersonatedBy == null ? userId : impersonatedBy);
  }
}
