package dev.mainstay.server.organization;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody is asked to join, in Better Auth's shape.
 *
 * @param id the secret in the link
 * @param role one or several with commas
 * @param teamId none, one or several with commas
 * @param status pending, accepted, rejected or canceled
 */
@JsonInclude
public record Invitation(
    String id,
    String organizationId,
    String email,
    String role,
    @Nullable String teamId,
    String status,
    String inviterId,
    Instant createdAt,
    Instant expiresAt) {
  static final String PENDING = "pending";
  static final String ACCEPTED = "accepted";
  static final String REJECTED = "rejected";
  static final String CANCELED = "canceled";

  List<String> roles() {
    return List.of(role.split(",", -1));
  }

  List<String> teams() {
    return teamId == null ? List.of() : List.of(teamId.split(",", -1));
  }

  boolean offersOwnership() {
    return roles().contains(BuiltInRole.OWNER.id());
  }

  boolean isOpen(Instant now) {
    return status.equals(PENDING) && now.isBefore(expiresAt);
  }

  Invitation with(String newStatus) {
    return new Invitation(
        id, organizationId, email, role, teamId, newStatus, inviterId, createdAt, expiresAt);
  }

  Invitation until(Instant expires) {
    return new Invitation(
        id, organizationId, email, role, teamId, status, inviterId, createdAt, expires);
  }
}
