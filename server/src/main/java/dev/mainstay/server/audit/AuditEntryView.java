package dev.mainstay.server.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An act that matters for security.
 *
 * @param organizationId absent for acts outside of an organization
 * @param actorId who did it; an administrator's own id if it was in somebody's name
 * @param action what it was, as a word in the past
 * @param targetType of what it was done to, such as {@code user} or {@code key}
 * @param details how, without any secret
 */
public record AuditEntryView(
    String id,
    @Nullable String organizationId,
    @Nullable String actorId,
    String action,
    @Nullable String targetType,
    @Nullable String targetId,
    String ipAddress,
    String userAgent,
    @Nullable String details,
    Instant createdAt) {}
