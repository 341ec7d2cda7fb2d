package dev.mainstay.server.organization;

import static dev.mainstay.server.schema.Tables.INVITATIONS;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.InvitationsRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** The table of invitations. */
final class InvitationStore {

  private static Condition open(Instant now) {
    return INVITATIONS.STATUS.eq(Invitation.PENDING).and(INVITATIONS.EXPIRES_AT.gt(now));
  }

  void insert(Tx tx, Invitation invitation) {
    tx.sql()
        .insertInto(INVITATIONS)
        .set(INVITATIONS.ID, invitation.id())
        .set(INVITATIONS.ORGANIZATION_ID, invitation.organizationId())
        .set(INVITATIONS.EMAIL, invitation.email())
        .set(INVITATIONS.ROLE, invitation.role())
        .set(INVITATIONS.TEAM_ID, invitation.teamId())
        .set(INVITATIONS.STATUS, invitation.status())
        .set(INVITATIONS.INVITER_ID, invitation.inviterId())
        .set(INVITATIONS.CREATED_AT, invitation.createdAt())
        .set(INVITATIONS.EXPIRES_AT, invitation.expiresAt())
        .execute();
  }

  /** Nobody is left who was invited by this address. */
  void deleteTo(Tx tx, String email) {
    tx.sql().deleteFrom(INVITATIONS).where(INVITATIONS.EMAIL.eq(email)).execute();
  }

  Optional<Invitation> byId(DSLContext sql, String id) {
    return sql.selectFrom(INVITATIONS)
        .where(INVITATIONS.ID.eq(id))
        .fetchOptional(InvitationStore::invitation);
  }

  Optional<Invitation> open(DSLContext sql, String organizationId, String email, Instant now) {
    return sql.selectFrom(INVITATIONS)
        .where(INVITATIONS.ORGANIZATION_ID.eq(organizationId))
        .and(INVITATIONS.EMAIL.eq(email))
        .and(open(now))
        .fetchOptional(InvitationStore::invitation);
  }

  boolean isInvited(DSLContext sql, String email, Instant now) {
    return sql.fetchExists(INVITATIONS, INVITATIONS.EMAIL.eq(email).and(open(now)));
  }

  int countOpen(DSLContext sql, String organizationId, Instant now) {
    return sql.fetchCount(
        INVITATIONS, INVITATIONS.ORGANIZATION_ID.eq(organizationId).and(open(now)));
  }

  /** The newest first. */
  List<Invitation> list(DSLContext sql, String organizationId, int limit) {
    return sql.selectFrom(INVITATIONS)
        .where(INVITATIONS.ORGANIZATION_ID.eq(organizationId))
        .orderBy(INVITATIONS.CREATED_AT.desc(), INVITATIONS.ID)
        .limit(limit)
        .fetch(InvitationStore::invitation);
  }

  /** Those to an address that can be accepted, the newest first. */
  List<Invitation> openTo(DSLContext sql, String email, Instant now, int limit) {
    return sql.selectFrom(INVITATIONS)
        .where(INVITATIONS.EMAIL.eq(email))
        .and(open(now))
        .orderBy(INVITATIONS.CREATED_AT.desc(), INVITATIONS.ID)
        .limit(limit)
        .fetch(InvitationStore::invitation);
  }

  /** Pending ones, also those that are too old. */
  List<Invitation> pending(DSLContext sql, String organizationId) {
    return sql.selectFrom(INVITATIONS)
        .where(INVITATIONS.ORGANIZATION_ID.eq(organizationId))
        .and(INVITATIONS.STATUS.eq(Invitation.PENDING))
        .fetch(InvitationStore::invitation);
  }

  void setStatus(Tx tx, String id, String status) {
    tx.sql()
        .update(INVITATIONS)
        .set(INVITATIONS.STATUS, status)
        .where(INVITATIONS.ID.eq(id))
        .execute();
  }

  void setExpiry(Tx tx, String id, Instant expires) {
    tx.sql()
        .update(INVITATIONS)
        .set(INVITATIONS.EXPIRES_AT, expires)
        .where(INVITATIONS.ID.eq(id))
        .execute();
  }

  void setOffer(Tx tx, String id, String role, @Nullable String teamId) {
    tx.sql()
        .update(INVITATIONS)
        .set(INVITATIONS.ROLE, role)
        .set(INVITATIONS.TEAM_ID, teamId)
        .where(INVITATIONS.ID.eq(id))
        .execute();
  }

  /** Those that are too old make room for new ones to the same address. */
  void cancelExpired(Tx tx, String organizationId, String email, Instant now) {
    tx.sql()
        .update(INVITATIONS)
        .set(INVITATIONS.STATUS, Invitation.CANCELED)
        .where(INVITATIONS.ORGANIZATION_ID.eq(organizationId))
        .and(INVITATIONS.EMAIL.eq(email))
        .and(INVITATIONS.STATUS.eq(Invitation.PENDING))
        .and(INVITATIONS.EXPIRES_AT.le(now))
        .execute();
  }

  void deleteAll(Tx tx, String organizationId) {
    tx.sql()
        .deleteFrom(INVITATIONS)
        .where(INVITATIONS.ORGANIZATION_ID.eq(organizationId))
        .execute();
  }

  private static Invitation invitation(InvitationsRecord row) {
    return new Invitation(
        row.getId(),
        row.getOrganizationId(),
        row.getEmail(),
        row.getRole(),
        row.getTeamId(),
        row.getStatus(),
        row.getInviterId(),
        row.getCreatedAt(),
        row.getExpiresAt());
  }
}
