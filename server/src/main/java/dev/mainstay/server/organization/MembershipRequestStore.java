package dev.mainstay.server.organization;

import static dev.mainstay.server.schema.Tables.MEMBERSHIP_REQUESTS;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.MembershipRequestsRecord;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/** The table of requests to join. */
final class MembershipRequestStore {

  void insert(Tx tx, MembershipRequest request) {
    tx.sql()
        .insertInto(MEMBERSHIP_REQUESTS)
        .set(MEMBERSHIP_REQUESTS.ID, request.id())
        .set(MEMBERSHIP_REQUESTS.ORGANIZATION_ID, request.organizationId())
        .set(MEMBERSHIP_REQUESTS.USER_ID, request.userId())
        .set(MEMBERSHIP_REQUESTS.STATUS, request.status())
        .set(MEMBERSHIP_REQUESTS.CREATED_AT, request.createdAt())
        .execute();
  }

  Optional<MembershipRequest> byId(DSLContext sql, String id) {
    return sql.selectFrom(MEMBERSHIP_REQUESTS)
        .where(MEMBERSHIP_REQUESTS.ID.eq(id))
        .fetchOptional(MembershipRequestStore::request);
  }

  Optional<MembershipRequest> pending(DSLContext sql, String organizationId, String userId) {
    return sql.selectFrom(MEMBERSHIP_REQUESTS)
        .where(MEMBERSHIP_REQUESTS.ORGANIZATION_ID.eq(organizationId))
        .and(MEMBERSHIP_REQUESTS.USER_ID.eq(userId))
        .and(MEMBERSHIP_REQUESTS.STATUS.eq(MembershipRequest.PENDING))
        .fetchOptional(MembershipRequestStore::request);
  }

  /** Those that are pending, the oldest first. */
  List<MembershipRequest> list(DSLContext sql, String organizationId, int limit) {
    return sql.selectFrom(MEMBERSHIP_REQUESTS)
        .where(MEMBERSHIP_REQUESTS.ORGANIZATION_ID.eq(organizationId))
        .and(MEMBERSHIP_REQUESTS.STATUS.eq(MembershipRequest.PENDING))
        .orderBy(MEMBERSHIP_REQUESTS.ID)
        .limit(limit)
        .fetch(MembershipRequestStore::request);
  }

  void decide(Tx tx, MembershipRequest request, String userId) {
    tx.sql()
        .update(MEMBERSHIP_REQUESTS)
        .set(MEMBERSHIP_REQUESTS.STATUS, request.status())
        .set(MEMBERSHIP_REQUESTS.DECIDED_AT, request.decidedAt())
        .set(MEMBERSHIP_REQUESTS.DECIDED_BY, userId)
        .where(MEMBERSHIP_REQUESTS.ID.eq(request.id()))
        .execute();
  }

  void deletePending(Tx tx, String userId) {
    tx.sql()
        .deleteFrom(MEMBERSHIP_REQUESTS)
        .where(MEMBERSHIP_REQUESTS.USER_ID.eq(userId))
        .and(MEMBERSHIP_REQUESTS.STATUS.eq(MembershipRequest.PENDING))
        .execute();
  }

  void deleteAll(Tx tx, String organizationId) {
    tx.sql()
        .deleteFrom(MEMBERSHIP_REQUESTS)
        .where(MEMBERSHIP_REQUESTS.ORGANIZATION_ID.eq(organizationId))
        .execute();
  }

  private static MembershipRequest request(MembershipRequestsRecord row) {
    return new MembershipRequest(
        row.getId(),
        row.getOrganizationId(),
        row.getUserId(),
        row.getStatus(),
        row.getCreatedAt(),
        row.getDecidedAt(),
        null);
  }
}
