package dev.mainstay.server.organization;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody asks to join.
 *
 * @param status pending, accepted or rejected
 * @param user who it is; for whoever decides
 */
public record MembershipRequest(
    String id,
    String organizationId,
    String userId,
    String status,
    Instant createdAt,
    @JsonInclude @Nullable Instant decidedAt,
    MemberView.@Nullable MemberUser user) {
  static final String PENDING = "pending";
  static final String ACCEPTED = "accepted";
  static final String REJECTED = "rejected";

  MembershipRequest of(Users.@Nullable Person person) {
    return new MembershipRequest(
        id,
        organizationId,
        userId,
        status,
        createdAt,
        decidedAt,
        person == null ? null : MemberView.MemberUser.of(person));
  }

  MembershipRequest decided(String newStatus, Instant now) {
    return new MembershipRequest(id, organizationId, userId, newStatus, createdAt, now, user);
  }
}
