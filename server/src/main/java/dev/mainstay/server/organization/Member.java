package dev.mainstay.server.organization;

import java.time.Instant;
import java.util.List;

/**
 * Somebody in an organization.
 *
 * @param role one or several with commas
 */
record Member(String id, String organizationId, String userId, String role, Instant createdAt) {

  List<String> roles() {
    return List.of(role.split(",", -1));
  }

  boolean isOwner() {
    return roles().contains(BuiltInRole.OWNER.id());
  }
}
