package dev.mainstay.server.organization;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.mainstay.server.platform.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An organization, in Better Auth's shape.
 *
 * @param metadata the object that was given; as JSON text, as Better Auth answers it, but where it
 *     was just changed
 */
@JsonInclude
public record OrganizationView(
    String id,
    String name,
    String slug,
    @Nullable String logo,
    @Nullable JsonNode metadata,
    Instant createdAt) {

  static OrganizationView of(Organization organization) {
    return new OrganizationView(
        organization.id(),
        organization.name(),
        organization.slug(),
        organization.logo(),
        text(organization),
        organization.createdAt());
  }

  /** Of one that was just changed. */
  static OrganizationView changed(Organization organization) {
    return new OrganizationView(
        organization.id(),
        organization.name(),
        organization.slug(),
        organization.logo(),
        metadata(organization),
        organization.createdAt());
  }

  static @Nullable JsonNode text(Organization organization) {
    String stored = organization.metadata();
    return stored == null ? null : TextNode.valueOf(stored);
  }

  static @Nullable JsonNode metadata(Organization organization) {
    String stored = organization.metadata();
    return stored == null ? null : Json.read(stored);
  }
}
