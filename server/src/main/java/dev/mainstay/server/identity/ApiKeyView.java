package dev.mainstay.server.identity;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An API key as it is shown: never with its secret.
 *
 * @param prefix the key's first characters, by which its owner knows it
 * @param enabled false while it is switched off
 * @param ownedByOrganization it stays when whoever made it goes
 * @param rotatedFrom the key in whose place it was made
 */
public record ApiKeyView(
    String id,
    String name,
    String prefix,
    List<String> scopes,
    Instant createdAt,
    @Nullable Instant lastUsedAt,
    @Nullable Instant revokedAt,
    @Nullable Instant expiresAt,
    boolean enabled,
    boolean ownedByOrganization,
    @Nullable String rotatedFrom) {}
