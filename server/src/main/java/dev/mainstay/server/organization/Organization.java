package dev.mainstay.server.organization;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An organization as it is stored.
 *
 * @param metadata a JSON object
 */
record Organization(
    String id,
    String name,
    String slug,
    @Nullable String logo,
    @Nullable String metadata,
    Instant createdAt) {}
