package dev.mainstay.server.organization;

import static dev.mainstay.server.schema.Tables.ORGANIZATION_DOMAINS;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.OrganizationDomainsRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/** The table of organizations' mail domains. */
final class DomainStore {

  void insert(Tx tx, Domain domain) {
    tx.sql()
        .insertInto(ORGANIZATION_DOMAINS)
        .set(ORGANIZATION_DOMAINS.ID, domain.id())
        .set(ORGANIZATION_DOMAINS.ORGANIZATION_ID, domain.organizationId())
        .set(ORGANIZATION_DOMAINS.DOMAIN, domain.domain())
        .set(ORGANIZATION_DOMAINS.MODE, domain.mode().id())
        .set(ORGANIZATION_DOMAINS.CREATED_AT, domain.createdAt())
        .execute();
  }

  Optional<Domain> byId(DSLContext sql, String organizationId, String id) {
    return sql.selectFrom(ORGANIZATION_DOMAINS)
        .where(ORGANIZATION_DOMAINS.ID.eq(id))
        .and(ORGANIZATION_DOMAINS.ORGANIZATION_ID.eq(organizationId))
        .fetchOptional(DomainStore::domain);
  }

  Optional<Domain> byName(DSLContext sql, String organizationId, String name) {
    return sql.selectFrom(ORGANIZATION_DOMAINS)
        .where(ORGANIZATION_DOMAINS.ORGANIZATION_ID.eq(organizationId))
        .and(ORGANIZATION_DOMAINS.DOMAIN.eq(name))
        .fetchOptional(DomainStore::domain);
  }

  /** As whose it was proved, if it was. */
  Optional<Domain> verified(DSLContext sql, String name) {
    return sql.selectFrom(ORGANIZATION_DOMAINS)
        .where(ORGANIZATION_DOMAINS.DOMAIN.eq(name))
        .and(ORGANIZATION_DOMAINS.VERIFIED_AT.isNotNull())
        .fetchOptional(DomainStore::domain);
  }

  List<Domain> list(DSLContext sql, String organizationId) {
    return sql.selectFrom(ORGANIZATION_DOMAINS)
        .where(ORGANIZATION_DOMAINS.ORGANIZATION_ID.eq(organizationId))
        .orderBy(ORGANIZATION_DOMAINS.ID)
        .fetch(DomainStore::domain);
  }

  void setMode(Tx tx, String id, Domain.Mode mode) {
    tx.sql()
        .update(ORGANIZATION_DOMAINS)
        .set(ORGANIZATION_DOMAINS.MODE, mode.id())
        .where(ORGANIZATION_DOMAINS.ID.eq(id))
        .execute();
  }

  void setCode(Tx tx, String id, String codeHash, Instant expires) {
    tx.sql()
        .update(ORGANIZATION_DOMAINS)
        .set(ORGANIZATION_DOMAINS.CODE_HASH, codeHash)
        .set(ORGANIZATION_DOMAINS.CODE_EXPIRES_AT, expires)
        .where(ORGANIZATION_DOMAINS.ID.eq(id))
        .execute();
  }

  boolean isCode(DSLContext sql, String id, String codeHash, Instant now) {
    return sql.fetchExists(
        ORGANIZATION_DOMAINS,
        ORGANIZATION_DOMAINS
            .ID
            .eq(id)
            .and(ORGANIZATION_DOMAINS.CODE_HASH.eq(codeHash))
            .and(ORGANIZATION_DOMAINS.CODE_EXPIRES_AT.gt(now)));
  }

  void setVerified(Tx tx, String id, Instant now) {
    tx.sql()
        .update(ORGANIZATION_DOMAINS)
        .set(ORGANIZATION_DOMAINS.VERIFIED_AT, now)
        .setNull(ORGANIZATION_DOMAINS.CODE_HASH)
        .setNull(ORGANIZATION_DOMAINS.CODE_EXPIRES_AT)
        .where(ORGANIZATION_DOMAINS.ID.eq(id))
        .execute();
  }

  void delete(Tx tx, String id) {
    tx.sql().deleteFrom(ORGANIZATION_DOMAINS).where(ORGANIZATION_DOMAINS.ID.eq(id)).execute();
  }

  void deleteAll(Tx tx, String organizationId) {
    tx.sql()
        .deleteFrom(ORGANIZATION_DOMAINS)
        .where(ORGANIZATION_DOMAINS.ORGANIZATION_ID.eq(organizationId))
        .execute();
  }

  private static Domain domain(OrganizationDomainsRecord row) {
    return new Domain(
        row.getId(),
        row.getOrganizationId(),
        row.getDomain(),
        Domain.Mode.of(row.getMode()),
        row.getVerifiedAt() != null,
        row.getCreatedAt(),
        row.getVerifiedAt());
  }
}
