package dev.mainstay.server.organization;

import java.time.Instant;
import java.util.Arrays;

/**
 * Somebody in an organization.
 *
 * @param role one or several with commas
 */
record Member(String id, String organizationId, String userId, String role, Instant createdAt) {

  boolean isOwner() {
    return Arrays.asList(role.split(",", -1)).contains(BuiltInRole.OWNER.id());
  }
}
