package dev.mainstay.server.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as its user sees it, in Better Auth's shape.
 *
 * @param token what names it in {@code revoke-session}: the id again, since the secret is nowhere
 *     but in the browser's cookie
 * @param updatedAt when its end was last put off
 * @param ipAddress from where it was opened; empty if that is not known
 * @param userAgent what the browser calls itself; empty if that is not known
 * @param impersonatedBy the administrator who has opened it in the user's name
 * @param current it is the session that asks
 */
@JsonInclude
public record SessionView(
    String id,
    String token,
    String userId,
    Instant createdAt,
    Instant updatedAt,
    Instant expiresAt,
    String ipAddress,
    String userAgent,
    String activeOrganizationId,
    @Nullable String activeTeamId,
    @Nullable String impersonatedBy,
    boolean current) {

  static SessionView of(Session session, String current) {
    return new SessionView(
        session.id(),
        session.id(),
        session.userId(),
        session.createdAt(),
        session.updatedAt(),
        session.expiresAt(),
        session.client().ipAddress(),
        session.client().userAgent(),
        session.organizationId(),
        session.teamId().orElse(null),
        session.impersonatedBy().orElse(null),
        session.id().equals(current));
  }
}
