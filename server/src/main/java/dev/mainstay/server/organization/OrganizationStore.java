package dev.mainstay.server.organization;

import static dev.mainstay.server.schema.Tables.MEMBERS;
import static dev.mainstay.server.schema.Tables.ORGANIZATIONS;

import dev.mainstay.server.platform.KeptStatement;
import dev.mainstay.server.platform.StatementReader;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.OrganizationsRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record1;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;

/** The table of organizations. */
final class OrganizationStore {
  private static final KeptStatement THERE_BY_ID =
      new KeptStatement(sql -> ids(sql, ORGANIZATIONS.ID.eq(DSL.param(ORGANIZATIONS.ID))));
  private static final KeptStatement THERE_BY_SLUG =
      new KeptStatement(sql -> ids(sql, ORGANIZATIONS.SLUG.eq(DSL.param(ORGANIZATIONS.SLUG))));

  void insert(Tx tx, Organization organization) {
    tx.sql()
        .insertInto(ORGANIZATIONS)
        .set(ORGANIZATIONS.ID, organization.id())
        .set(ORGANIZATIONS.NAME, organization.name())
        .set(ORGANIZATIONS.SLUG, organization.slug())
        .set(ORGANIZATIONS.LOGO, organization.logo())
        .set(ORGANIZATIONS.METADATA, organization.metadata())
        .set(ORGANIZATIONS.CREATED_AT, organization.createdAt())
        .execute();
  }

  /** Names by ids, of those that are there. */
  Map<String, String> names(DSLContext sql, Set<String> ids) {
    return sql.select(ORGANIZATIONS.ID, ORGANIZATIONS.NAME)
        .from(ORGANIZATIONS)
        .where(ORGANIZATIONS.ID.in(ids))
        .and(ORGANIZATIONS.DELETED_AT.isNull())
        .fetchMap(ORGANIZATIONS.ID, ORGANIZATIONS.NAME);
  }

  private static SelectConditionStep<Record1<String>> ids(DSLContext sql, Condition which) {
    return sql.select(ORGANIZATIONS.ID)
        .from(ORGANIZATIONS)
        .where(which)
        .and(ORGANIZATIONS.DELETED_AT.isNull());
  }

  Optional<String> idOf(StatementReader reader, String idOrSlug, boolean id) {
    return reader.fetchOptional(
        id ? THERE_BY_ID : THERE_BY_SLUG, row -> row.getString(1), idOrSlug);
  }

  Optional<Organization> byId(DSLContext sql, String id) {
    return sql.selectFrom(ORGANIZATIONS)
        .where(ORGANIZATIONS.ID.eq(id))
        .and(ORGANIZATIONS.DELETED_AT.isNull())
        .fetchOptional(OrganizationStore::organization);
  }

  Optional<String> idBySlug(DSLContext sql, String slug) {
    return sql.select(ORGANIZATIONS.ID)
        .from(ORGANIZATIONS)
        .where(ORGANIZATIONS.SLUG.eq(slug))
        .and(ORGANIZATIONS.DELETED_AT.isNull())
        .fetchOptional(ORGANIZATIONS.ID);
  }

  /** Nobody else takes a slug before this transaction ends. */
  void lockSlug(Tx tx, String slug) {
    tx.exclusive("slug " + slug);
  }

  /** Those that somebody is in, the oldest first. */
  List<Organization> list(DSLContext sql, String userId, int limit) {
    return sql.select(ORGANIZATIONS.fields())
        .from(ORGANIZATIONS)
        .join(MEMBERS)
        .on(MEMBERS.ORGANIZATION_ID.eq(ORGANIZATIONS.ID))
        .where(MEMBERS.USER_ID.eq(userId))
        .orderBy(MEMBERS.ID)
        .limit(limit)
        .fetchInto(ORGANIZATIONS)
        .map(OrganizationStore::organization);
  }

  void update(Tx tx, Organization organization) {
    tx.sql()
        .update(ORGANIZATIONS)
        .set(ORGANIZATIONS.NAME, organization.name())
        .set(ORGANIZATIONS.SLUG, organization.slug())
        .set(ORGANIZATIONS.LOGO, organization.logo())
        .set(ORGANIZATIONS.METADATA, organization.metadata())
        .where(ORGANIZATIONS.ID.eq(organization.id()))
        .execute();
  }

  void markDeleted(Tx tx, String id, Instant now) {
    tx.sql()
        .update(ORGANIZATIONS)
        .set(ORGANIZATIONS.DELETED_AT, now)
        .where(ORGANIZATIONS.ID.eq(id))
        .execute();
  }

  private static Organization organization(OrganizationsRecord row) {
    return new Organization(
        row.getId(),
        row.getName(),
        row.getSlug(),
        row.getLogo(),
        row.getMetadata(),
        row.getCreatedAt());
  }
}
