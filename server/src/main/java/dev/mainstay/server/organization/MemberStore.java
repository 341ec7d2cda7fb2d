package dev.mainstay.server.organization;

import static dev.mainstay.server.schema.Tables.MEMBERS;
import static dev.mainstay.server.schema.Tables.ORGANIZATIONS;

import dev.mainstay.server.platform.KeptStatement;
import dev.mainstay.server.platform.StatementReader;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.MembersRecord;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record3;
import org.jooq.SelectConditionStep;
import org.jooq.TableField;
import org.jooq.impl.DSL;

/** The table of members. */
final class MemberStore {
  private static final KeptStatement BY_ID =
      new KeptStatement(
          sql -> roles(sql, ofUser().and(ORGANIZATIONS.ID.eq(DSL.param(ORGANIZATIONS.ID)))));
  private static final KeptStatement BY_SLUG =
      new KeptStatement(
          sql -> roles(sql, ofUser().and(ORGANIZATIONS.SLUG.eq(DSL.param(ORGANIZATIONS.SLUG)))));

  private static Condition ofUser() {
    return MEMBERS.USER_ID.eq(DSL.param(MEMBERS.USER_ID));
  }

  /** Memberships of organizations that are there. */
  private static SelectConditionStep<Record3<String, String, String>> roles(
      DSLContext sql, Condition which) {
    return sql.select(MEMBERS.USER_ID, MEMBERS.ORGANIZATION_ID, MEMBERS.ROLE)
        .from(MEMBERS)
        .join(ORGANIZATIONS)
        .on(ORGANIZATIONS.ID.eq(MEMBERS.ORGANIZATION_ID))
        .where(which)
        .and(ORGANIZATIONS.DELETED_AT.isNull());
  }

  Optional<Organizations.UserRole> find(
      StatementReader reader, String userId, String idOrSlug, boolean id) {
    return reader.fetchOptional(
        id ? BY_ID : BY_SLUG,
        row -> new Organizations.UserRole(row.getString(1), row.getString(2), row.getString(3)),
        userId,
        idOrSlug);
  }

  List<Organizations.UserRole> roles(DSLContext sql, List<String> userIds) {
    return roles(sql, MEMBERS.USER_ID.in(userIds))
        .fetch(row -> new Organizations.UserRole(row.value1(), row.value2(), row.value3()));
  }

  /**
   * Whatever belongs to an organization, its members first, is not changed by others before this
   * transaction ends.
   */
  void lock(Tx tx, String organizationId) {
    tx.exclusive("members " + organizationId);
  }

  void insert(Tx tx, Member member) {
    tx.sql()
        .insertInto(MEMBERS)
        .set(MEMBERS.ID, member.id())
        .set(MEMBERS.ORGANIZATION_ID, member.organizationId())
        .set(MEMBERS.USER_ID, member.userId())
        .set(MEMBERS.ROLE, member.role())
        .set(MEMBERS.CREATED_AT, member.createdAt())
        .execute();
  }

  Optional<Member> find(DSLContext sql, String organizationId, String userId) {
    return sql.selectFrom(MEMBERS)
        .where(MEMBERS.ORGANIZATION_ID.eq(organizationId))
        .and(MEMBERS.USER_ID.eq(userId))
        .fetchOptional(MemberStore::member);
  }

  Optional<Member> byId(DSLContext sql, String organizationId, String id) {
    return sql.selectFrom(MEMBERS)
        .where(MEMBERS.ORGANIZATION_ID.eq(organizationId))
        .and(MEMBERS.ID.eq(id))
        .fetchOptional(MemberStore::member);
  }

  /** All, who are as many as may be. */
  List<Member> list(DSLContext sql, String organizationId) {
    return sql.selectFrom(MEMBERS)
        .where(MEMBERS.ORGANIZATION_ID.eq(organizationId))
        .orderBy(MEMBERS.ID)
        .fetch(MemberStore::member);
  }

  List<Member> list(DSLContext sql, String organizationId, MemberQuery query) {
    return sql.selectFrom(MEMBERS)
        .where(MEMBERS.ORGANIZATION_ID.eq(organizationId))
        .and(matches(query))
        .orderBy(
            query.descending() ? field(query.order()).desc() : field(query.order()).asc(),
            MEMBERS.ID.asc())
        .limit(query.limit())
        .offset(query.offset())
        .fetch(MemberStore::member);
  }

  int count(DSLContext sql, String organizationId, MemberQuery query) {
    return sql.fetchCount(MEMBERS, MEMBERS.ORGANIZATION_ID.eq(organizationId).and(matches(query)));
  }

  int count(DSLContext sql, String organizationId) {
    return sql.fetchCount(MEMBERS, MEMBERS.ORGANIZATION_ID.eq(organizationId));
  }

  private static TableField<MembersRecord, ?> field(MemberQuery.Field field) {
    return switch (field) {
      case ID -> MEMBERS.ID;
      case USER_ID -> MEMBERS.USER_ID;
      case ROLE -> MEMBERS.ROLE;
      case CREATED_AT -> MEMBERS.CREATED_AT;
    };
  }

  private static Condition matches(MemberQuery query) {
    return query.filter().map(MemberStore::matches).orElseGet(DSL::noCondition);
  }

  private static Condition matches(MemberQuery.Filter filter) {
    Field<String> text =
        switch (filter.field()) {
          case ID -> MEMBERS.ID;
          case USER_ID -> MEMBERS.USER_ID;
          case ROLE, CREATED_AT -> MEMBERS.ROLE;
        };
    String value = filter.value();
    return switch (filter.operator()) {
      case EQ -> text.eq(value);
      case NE -> text.ne(value);
      case IN -> text.in(List.of(value.split(",", -1)));
      case NOT_IN -> text.notIn(List.of(value.split(",", -1)));
      case CONTAINS -> text.contains(value);
      case STARTS_WITH -> text.startsWith(value);
      case ENDS_WITH -> text.endsWith(value);
    };
  }

  int countOf(DSLContext sql, String userId) {
    return sql.fetchCount(MEMBERS, MEMBERS.USER_ID.eq(userId));
  }

  List<String> organizationsOf(DSLContext sql, String userId) {
    return sql.select(MEMBERS.ORGANIZATION_ID)
        .from(MEMBERS)
        .where(MEMBERS.USER_ID.eq(userId))
        .orderBy(MEMBERS.ORGANIZATION_ID)
        .fetch(MEMBERS.ORGANIZATION_ID);
  }

  void setRole(Tx tx, String id, String role) {
    tx.sql().update(MEMBERS).set(MEMBERS.ROLE, role).where(MEMBERS.ID.eq(id)).execute();
  }

  void delete(Tx tx, String organizationId, String userId) {
    tx.sql()
        .deleteFrom(MEMBERS)
        .where(MEMBERS.ORGANIZATION_ID.eq(organizationId))
        .and(MEMBERS.USER_ID.eq(userId))
        .execute();
  }

  void deleteAll(Tx tx, String organizationId) {
    tx.sql().deleteFrom(MEMBERS).where(MEMBERS.ORGANIZATION_ID.eq(organizationId)).execute();
  }

  private static Member member(MembersRecord row) {
    return new Member(
        row.getId(), row.getOrganizationId(), row.getUserId(), row.getRole(), row.getCreatedAt());
  }
}
