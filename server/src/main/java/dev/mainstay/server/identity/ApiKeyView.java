package dev.mainstay.server.identity;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An API key as it is shown: never with its secret.
 *
 * @param prefix the key's first characters, by which its owner knows it
 */
public record ApiKeyView(
    String id,
    String name,
    String prefix,
    List<String> scopes,
    Instant createdAt,
    @Nullable Instant lastUsedAt,
    @Nullable Instant revokedAt) {}
