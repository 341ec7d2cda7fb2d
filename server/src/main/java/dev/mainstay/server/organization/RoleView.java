package dev.mainstay.server.organization;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A role that an organization has made, in Better Auth's shape.
 *
 * @param permission actions by resource
 */
@JsonInclude
public record RoleView(
    String id,
    String organizationId,
    String role,
    Map<String, List<String>> permission,
    Instant createdAt,
    @Nullable Instant updatedAt) {

  static RoleView of(CustomRole role) {
    return new RoleView(
        role.id(),
        role.organizationId(),
        role.role(),
        Grants.byResource(role.grants()),
        role.createdAt(),
        role.updatedAt());
  }
}
