package dev.mainstay.server.identity;

import dev.mainstay.server.platform.http.Client;
import java.time.Instant;
import java.util.Optional;

/**
 * A session as it is stored, without the secret.
 *
 * @param organizationId the active one
 * @param teamId the active one of it
 * @param scopes {@link Scopes#ANY} unless a key has opened it
 * @param remembered false if it is to end with the browser
 */
record Session(
    String id,
    String organizationId,
    Optional<String> teamId,
    String userId,
    String scopes,
    Optional<String> apiKeyId,
    Optional<String> impersonatedBy,
    Client client,
    boolean remembered,
    Instant createdAt,
    Instant updatedAt,
    Instant expiresAt) {}
