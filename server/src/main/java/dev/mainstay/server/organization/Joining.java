package dev.mainstay.server.organization;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Tx;
import java.time.Instant;

/** Becoming a member, whatever the way: once, and within the limits. */
final class Joining {
  /** Members of one organization. */
  static final int MAX_MEMBERS = 100;

  /** Organizations of one user. */
  static final int MAX_ORGANIZATIONS = 100;

  private final MemberStore members = new MemberStore();

  /** Under the lock of {@link MemberStore#lock}, with the user's row locked before. */
  Member join(Tx tx, String organizationId, String userId, String role, Instant now) {
    if (members.find(tx.sql(), organizationId, userId).isPresent()) {
      throw Refusal.USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION.badRequest();
    }
    if (members.count(tx.sql(), organizationId) >= MAX_MEMBERS) {
      throw Refusal.ORGANIZATION_MEMBERSHIP_LIMIT_REACHED.forbidden();
    }
    requireRoom(tx, userId);
    Member member = new Member(Ids.next(), organizationId, userId, role, now);
    members.insert(tx, member);
    return member;
  }

  void requireRoom(Tx tx, String userId) {
    if (members.countOf(tx.sql(), userId) >= MAX_ORGANIZATIONS) {
      throw Refusal.YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS.forbidden();
    }
  }
}
