package dev.mainstay.server.organization;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A role of an organization beside the {@link BuiltInRole}s. */
record CustomRole(
    String id,
    String organizationId,
    String role,
    Set<String> grants,
    Instant createdAt,
    @Nullable Instant updatedAt) {}
