package dev.mainstay.server.organization;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Some members of an organization under a name, in Better Auth's shape. */
@JsonInclude
public record Team(
    String id,
    String name,
    String organizationId,
    Instant createdAt,
    @Nullable Instant updatedAt) {}
