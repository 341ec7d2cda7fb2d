package dev.mainstay.server.organization;

import static dev.mainstay.server.schema.Tables.ORGANIZATION_ROLES;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.OrganizationRolesRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.DSLContext;

/** The table of roles that organizations have made. */
final class RoleStore {

  void insert(Tx tx, CustomRole role) {
    tx.sql()
        .insertInto(ORGANIZATION_ROLES)
        .set(ORGANIZATION_ROLES.ID, role.id())
        .set(ORGANIZATION_ROLES.ORGANIZATION_ID, role.organizationId())
        .set(ORGANIZATION_ROLES.ROLE, role.role())
        .set(ORGANIZATION_ROLES.PERMISSION, write(role.grants()))
        .set(ORGANIZATION_ROLES.CREATED_AT, role.createdAt())
        .execute();
  }

  List<CustomRole> list(DSLContext sql, String organizationId) {
    return sql.selectFrom(ORGANIZATION_ROLES)
        .where(ORGANIZATION_ROLES.ORGANIZATION_ID.eq(organizationId))
        .orderBy(ORGANIZATION_ROLES.ID)
        .fetch(RoleStore::role);
  }

  List<CustomRole> byNames(DSLContext sql, String organizationId, Collection<String> names) {
    return sql.selectFrom(ORGANIZATION_ROLES)
        .where(ORGANIZATION_ROLES.ORGANIZATION_ID.eq(organizationId))
        .and(ORGANIZATION_ROLES.ROLE.in(names))
        .fetch(RoleStore::role);
  }

  Optional<CustomRole> byId(DSLContext sql, String organizationId, String id) {
    return sql.selectFrom(ORGANIZATION_ROLES)
        .where(ORGANIZATION_ROLES.ORGANIZATION_ID.eq(organizationId))
        .and(ORGANIZATION_ROLES.ID.eq(id))
        .fetchOptional(RoleStore::role);
  }

  int count(DSLContext sql, String organizationId) {
    return sql.fetchCount(
        ORGANIZATION_ROLES, ORGANIZATION_ROLES.ORGANIZATION_ID.eq(organizationId));
  }

  void update(Tx tx, CustomRole role) {
    tx.sql()
        .update(ORGANIZATION_ROLES)
        .set(ORGANIZATION_ROLES.ROLE, role.role())
        .set(ORGANIZATION_ROLES.PERMISSION, write(role.grants()))
        .set(ORGANIZATION_ROLES.UPDATED_AT, role.updatedAt())
        .where(ORGANIZATION_ROLES.ID.eq(role.id()))
        .execute();
  }

  void delete(Tx tx, String id) {
    tx.sql().deleteFrom(ORGANIZATION_ROLES).where(ORGANIZATION_ROLES.ID.eq(id)).execute();
  }

  void deleteAll(Tx tx, String organizationId) {
    tx.sql()
        .deleteFrom(ORGANIZATION_ROLES)
        .where(ORGANIZATION_ROLES.ORGANIZATION_ID.eq(organizationId))
        .execute();
  }

  private static String write(Set<String> grants) {
    return Json.write(Grants.byResource(grants));
  }

  private static CustomRole role(OrganizationRolesRecord row) {
    return new CustomRole(
        row.getId(),
        row.getOrganizationId(),
        row.getRole(),
        Grants.of(
            Json.MAPPER.convertValue(
                Json.read(row.getPermission()), new TypeReference<Map<String, List<String>>>() {})),
        row.getCreatedAt(),
        row.getUpdatedAt());
  }
}
