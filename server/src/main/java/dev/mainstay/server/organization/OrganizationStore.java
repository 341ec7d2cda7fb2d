package dev.mainstay.server.organization;

import static dev.mainstay.server.schema.Tables.INVITATIONS;
import static dev.mainstay.server.schema.Tables.MEMBERS;
import static dev.mainstay.server.schema.Tables.ORGANIZATIONS;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.MembersRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The tables of organizations and members. */
final class OrganizationStore {

  void insert(Tx tx, String id, String name, String slug, Instant now) {
    tx.sql()
        .insertInto(ORGANIZATIONS)
        .set(ORGANIZATIONS.ID, id)
        .set(ORGANIZATIONS.NAME, name)
        .set(ORGANIZATIONS.SLUG, slug)
        .set(ORGANIZATIONS.CREATED_AT, now)
        .execute();
  }

  void insertMember(
      Tx tx, String id, String organizationId, String userId, String role, Instant now) {
    tx.sql()
        .insertInto(MEMBERS)
        .set(MEMBERS.ID, id)
        .set(MEMBERS.ORGANIZATION_ID, organizationId)
        .set(MEMBERS.USER_ID, userId)
        .set(MEMBERS.ROLE, role)
        .set(MEMBERS.CREATED_AT, now)
        .execute();
  }

  void deleteMemberships(Tx tx, String userId) {
    tx.sql().deleteFrom(MEMBERS).where(MEMBERS.USER_ID.eq(userId)).execute();
  }

  /** The members of each organization that somebody is in; nobody else changes them meanwhile. */
  Map<String, List<Member>> lockMembersBeside(Tx tx, String userId) {
    List<String> organizations =
        tx.sql()
            .select(MEMBERS.ORGANIZATION_ID)
            .from(MEMBERS)
            .where(MEMBERS.USER_ID.eq(userId))
            .orderBy(MEMBERS.ORGANIZATION_ID)
            .fetch(MEMBERS.ORGANIZATION_ID);
    organizations.forEach(id -> lockMembers(tx, id));
    return tx.sql()
        .selectFrom(MEMBERS)
        .where(MEMBERS.ORGANIZATION_ID.in(organizations))
        .fetchGroups(MEMBERS.ORGANIZATION_ID, OrganizationStore::member);
  }

  /** Who belongs to an organization is not changed by others before this transaction ends. */
  void lockMembers(Tx tx, String organizationId) {
    tx.exclusive("members " + organizationId);
  }

  private static Member member(MembersRecord row) {
    return new Member(
        row.getId(), row.getOrganizationId(), row.getUserId(), row.getRole(), row.getCreatedAt());
  }

  boolean isInvited(Tx tx, String email, Instant now) {
    return tx.sql()
        .fetchExists(
            INVITATIONS,
            INVITATIONS
                .EMAIL
                .eq(email)
                .and(INVITATIONS.STATUS.eq("pending"))
                .and(INVITATIONS.EXPIRES_AT.gt(now)));
  }
}
