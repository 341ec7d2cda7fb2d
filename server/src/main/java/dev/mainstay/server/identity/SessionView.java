package dev.mainstay.server.identity;

import java.time.Instant;

/**
 * A session as its user sees it, in the shape of Better Auth's {@code list-sessions}.
 *
 * @param token what names it in {@code revoke-session}: the id again, since the secret is nowhere
 *     but in the browser's cookie
 * @param updatedAt when it was made; a session is not changed
 * @param ipAddress from where it was opened; empty if that is not known
 * @param userAgent what the browser calls itself; empty if that is not known
 * @param current it is the session that asks
 */
public record SessionView(
    String id,
    String token,
    String userId,
    Instant createdAt,
    Instant updatedAt,
    Instant expiresAt,
    String ipAddress,
    String userAgent,
    boolean current) {}
