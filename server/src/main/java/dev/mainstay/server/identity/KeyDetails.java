package dev.mainstay.server.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An API key in Better Auth's shape, without its secret.
 *
 * @param configId {@code default} for a user's, {@code organization} for an organization's
 * @param referenceId the user or organization that owns it
 * @param start the secret's first characters
 * @param requestCount requests in the window that runs, as far as this process has counted them
 * @param permissions actions by resource
 */
@JsonInclude
public record KeyDetails(
    String id,
    String configId,
    String referenceId,
    @Nullable String name,
    String prefix,
    String start,
    boolean enabled,
    @Nullable Instant expiresAt,
    @Nullable Long remaining,
    @Nullable Long refillAmount,
    @Nullable Long refillInterval,
    @Nullable Instant lastRefillAt,
    boolean rateLimitEnabled,
    @Nullable Long rateLimitMax,
    @Nullable Long rateLimitTimeWindow,
    long requestCount,
    @Nullable Instant lastRequest,
    @Nullable JsonNode metadata,
    Map<String, List<String>> permissions,
    Instant createdAt,
    Instant updatedAt) {
  static final String OF_USER = "default";
  static final String OF_ORGANIZATION = "organization";

  static KeyDetails of(ApiKey key, long requestCount) {
    KeyOwner owner = key.owner();
    KeyLimits limits = key.limits();
    String metadata = key.metadata();
    return new KeyDetails(
        key.id(),
        owner.organization() ? OF_ORGANIZATION : OF_USER,
        owner.organization() ? owner.organizationId() : owner.userId(),
        key.name().isEmpty() ? null : key.name(),
        key.prefix(),
        key.start(),
        key.enabled(),
        key.expiresAt(),
        limits.remaining(),
        limits.refillAmount(),
        limits.refillInterval(),
        key.lastRefillAt(),
        limits.rateLimitEnabled(),
        limits.rateLimitMax(),
        limits.rateLimitTimeWindow(),
        requestCount,
        key.lastUsedAt(),
        metadata == null ? null : Json.read(metadata),
        KeyRules.permissions(key.scopes()),
        key.createdAt(),
        key.updatedAt());
  }
}
