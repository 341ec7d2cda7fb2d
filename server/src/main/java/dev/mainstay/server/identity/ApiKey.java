package dev.mainstay.server.identity;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An API key, without its secret.
 *
 * @param prefix what its secret begins with
 * @param start the secret's first characters, by which its owner knows it
 * @param metadata a JSON object
 * @param rotatedTo the key that takes its place, with which it is counted
 */
record ApiKey(
    String id,
    KeyOwner owner,
    String name,
    String prefix,
    String start,
    List<String> scopes,
    boolean enabled,
    @Nullable Instant expiresAt,
    KeyLimits limits,
    @Nullable Instant refillAt,
    @Nullable Instant lastRefillAt,
    @Nullable String metadata,
    @Nullable String rotatedFrom,
    @Nullable String rotatedTo,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant lastUsedAt,
    @Nullable Instant revokedAt) {

  /** What can be changed of it. */
  ApiKey with(Change change, Instant now) {
    return new ApiKey(
        id,
        owner,
        change.name,
        prefix,
        start,
        change.scopes,
        change.enabled,
        change.expiresAt,
        change.limits,
        change.refillAt,
        lastRefillAt,
        change.metadata,
        rotatedFrom,
        rotatedTo,
        createdAt,
        now,
        lastUsedAt,
        revokedAt);
  }

  /** What a changed key has. */
  record Change(
      String name,
      List<String> scopes,
      boolean enabled,
      @Nullable Instant expiresAt,
      KeyLimits limits,
      @Nullable Instant refillAt,
      @Nullable String metadata) {}

  boolean hasEnded(Instant now) {
    return revokedAt != null || (expiresAt != null && !expiresAt.isAfter(now));
  }

  ApiKeyView view() {
    return new ApiKeyView(
        id,
        name,
        start,
        scopes,
        createdAt,
        lastUsedAt,
        revokedAt,
        expiresAt,
        enabled,
        owner.organization(),
        rotatedFrom);
  }
}
