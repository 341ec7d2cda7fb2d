package dev.mainstay.server.identity;

import java.time.Instant;
import java.util.List;

/**
 * A way in which a user signs in, in Better Auth's shape.
 *
 * @param providerId {@code credential} for the password, or the provider's name
 * @param accountId the user's id at the provider
 * @param scopes what the provider has granted
 */
public record AccountView(
    String id,
    String providerId,
    Instant createdAt,
    Instant updatedAt,
    String accountId,
    String userId,
    List<String> scopes) {}
