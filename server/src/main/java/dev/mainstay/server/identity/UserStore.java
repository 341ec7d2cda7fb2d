package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.USERS;

import dev.mainstay.server.platform.KeptStatement;
import dev.mainstay.server.platform.StatementReader;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.UsersRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The table of people. */
final class UserStore {

  private static final KeptStatement BY_ID =
      new KeptStatement(
          sql ->
              sql.select(
                      USERS.ID,
                      USERS.ORGANIZATION_ID,
                      USERS.NAME,
                      USERS.EMAIL,
                      USERS.EMAIL_VERIFIED,
                      USERS.IMAGE,
                      USERS.ROLE,
                      USERS.TWO_FACTOR_ENABLED)
                  .select(
                      USERS.BANNED,
                      USERS.BAN_REASON,
                      USERS.BAN_EXPIRES_AT,
                      USERS.CREATED_AT,
                      USERS.UPDATED_AT)
                  .from(USERS)
                  .where(USERS.DELETED_AT.isNull())
                  .and(USERS.ID.eq(DSL.param(USERS.ID))));

  /** Notes a sign-in, if it is the first. */
  void signedIn(Tx tx, String id, Instant now) {
    tx.sql()
        .update(USERS)
        .set(USERS.SIGNED_IN_AT, now)
        .where(USERS.ID.eq(id))
        .and(USERS.SIGNED_IN_AT.isNull())
        .execute();
  }

  boolean hasSignedIn(DSLContext sql, String id) {
    return sql.select(USERS.SIGNED_IN_AT)
        .from(USERS)
        .where(USERS.ID.eq(id))
        .fetchOptional(USERS.SIGNED_IN_AT)
        .isPresent();
  }

  /** Whether the instance's first user, the owner, has ever signed in. */
  boolean firstHasSignedIn(DSLContext sql) {
    return sql.select(USERS.SIGNED_IN_AT)
        .from(USERS)
        .orderBy(USERS.ID)
        .limit(1)
        .fetchOptional(USERS.SIGNED_IN_AT)
        .isPresent();
  }

  Optional<User> first(DSLContext sql) {
    return sql.selectFrom(USERS).orderBy(USERS.ID).limit(1).fetchOptional(UserStore::user);
  }

  Optional<User> byId(StatementReader reader, String id) {
    return reader.fetchOptional(BY_ID, UserStore::user, id);
  }

  Optional<User> byId(DSLContext sql, String id) {
    return present(sql).and(USERS.ID.eq(id)).fetchOptional(UserStore::user);
  }

  /** As {@link #byId}, and nobody else changes the row before this transaction ends. */
  Optional<User> lock(Tx tx, String id) {
    return tx.locking(present(tx.sql()).and(USERS.ID.eq(id))).fetchOptional(UserStore::user);
  }

  /** The instance's administrators; none is made or unmade before this transaction ends. */
  List<User> lockAdmins(Tx tx) {
    tx.exclusive("administrators");
    return present(tx.sql()).and(USERS.ROLE.eq(User.ADMIN)).fetch(UserStore::user);
  }

  /**
   * @param email in lower case
   */
  Optional<User> byEmail(DSLContext sql, String email) {
    return present(sql).and(USERS.EMAIL.eq(email)).fetchOptional(UserStore::user);
  }

  List<User> byIds(DSLContext sql, Set<String> ids) {
    return present(sql).and(USERS.ID.in(ids)).fetch(UserStore::user);
  }

  /** Whether an organization is somebody's own. */
  boolean isOwn(DSLContext sql, String organizationId) {
    return sql.fetchExists(present(sql).and(USERS.ORGANIZATION_ID.eq(organizationId)));
  }

  private static SelectConditionStep<UsersRecord> present(DSLContext sql) {
    return sql.selectFrom(USERS).where(USERS.DELETED_AT.isNull());
  }

  private static User user(UsersRecord row) {
    return new User(
        row.getId(),
        row.getOrganizationId(),
        row.getName(),
        Optional.ofNullable(row.getEmail()),
        row.getEmailVerified(),
        row.getImage(),
        row.getRole(),
        row.getTwoFactorEnabled(),
        new User.Ban(row.getBanned(), row.getBanReason(), row.getBanExpiresAt()),
        row.getCreatedAt(),
        row.getUpdatedAt());
  }

  /** Of {@link #BY_ID}. */
  private static User user(ResultSet row) throws SQLException {
    long banEnds = row.getLong(11);
    @Nullable Instant banExpiresAt = row.wasNull() ? null : Instant.ofEpochMilli(banEnds);
    return new User(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        Optional.ofNullable(row.getString(4)),
        row.getBoolean(5),
        row.getString(6),
        row.getString(7),
        row.getBoolean(8),
        new User.Ban(row.getBoolean(9), row.getString(10), banExpiresAt),
        Instant.ofEpochMilli(row.getLong(12)),
        Instant.ofEpochMilli(row.getLong(13)));
  }

  void insert(Tx tx, User user) {
    tx.sql()
        .insertInto(USERS)
        .set(USERS.ID, user.id())
        .set(USERS.ORGANIZATION_ID, user.organizationId())
        .set(USERS.NAME, user.name())
        .set(USERS.EMAIL, user.email().orElse(null))
        .set(USERS.EMAIL_VERIFIED, user.emailVerified())
        .set(USERS.IMAGE, user.image())
        .set(USERS.ROLE, user.role())
        .set(USERS.CREATED_AT, user.createdAt())
        .set(USERS.UPDATED_AT, user.updatedAt())
        .execute();
  }

  void setProfile(Tx tx, String id, String name, @Nullable String image, Instant now) {
    tx.sql()
        .update(USERS)
        .set(USERS.NAME, name)
        .set(USERS.IMAGE, image)
        .set(USERS.UPDATED_AT, now)
        .where(USERS.ID.eq(id))
        .execute();
  }

  void setEmail(Tx tx, String id, String email, boolean verified, Instant now) {
    tx.sql()
        .update(USERS)
        .set(USERS.EMAIL, email)
        .set(USERS.EMAIL_VERIFIED, verified)
        .set(USERS.UPDATED_AT, now)
        .where(USERS.ID.eq(id))
        .execute();
  }

  List<User> list(DSLContext sql, UserQueryStore.UserQuery query) {
    return sql.selectFrom(USERS)
        .where(query.condition())
        .orderBy(query.order(), USERS.ID)
        .limit(query.limit())
        .offset(query.offset())
        .fetch(UserStore::user);
  }

  int count(DSLContext sql, Condition condition) {
    return sql.fetchCount(USERS, condition);
  }

  void setTwoFactorEnabled(Tx tx, String id, boolean enabled, Instant now) {
    tx.sql()
        .update(USERS)
        .set(USERS.TWO_FACTOR_ENABLED, enabled)
        .set(USERS.UPDATED_AT, now)
        .where(USERS.ID.eq(id))
        .execute();
  }

  void setRole(Tx tx, String id, String role, Instant now) {
    tx.sql()
        .update(USERS)
        .set(USERS.ROLE, role)
        .set(USERS.UPDATED_AT, now)
        .where(USERS.ID.eq(id))
        .execute();
  }

  void setBan(Tx tx, String id, User.Ban ban, Instant now) {
    tx.sql()
        .update(USERS)
        .set(USERS.BANNED, ban.banned())
        .set(USERS.BAN_REASON, ban.reason())
        .set(USERS.BAN_EXPIRES_AT, ban.until())
        .set(USERS.UPDATED_AT, now)
        .where(USERS.ID.eq(id))
        .execute();
  }

  /** What is left of somebody who went: a row that others' rows point to, without a name. */
  void erase(Tx tx, String id, Instant now) {
    tx.sql()
        .update(USERS)
        .set(USERS.NAME, "")
        .setNull(USERS.EMAIL)
        .set(USERS.EMAIL_VERIFIED, false)
        .setNull(USERS.IMAGE)
        .setNull(USERS.BAN_REASON)
        .set(USERS.ROLE, User.USER)
        .set(USERS.TWO_FACTOR_ENABLED, false)
        .set(USERS.DELETED_AT, now)
        .set(USERS.UPDATED_AT, now)
        .where(USERS.ID.eq(id))
        .execute();
  }
}
