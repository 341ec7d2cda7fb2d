package dev.mainstay.server.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A user as they see themselves, in Better Auth's shape.
 *
 * @param email absent before they have given one
 * @param role in the instance: {@code user} or {@code admin}
 * @param banExpires no end if absent
 */
@JsonInclude
public record UserView(
    String id,
    String name,
    @Nullable String email,
    boolean emailVerified,
    @Nullable String image,
    Instant createdAt,
    Instant updatedAt,
    boolean twoFactorEnabled,
    String role,
    boolean banned,
    @Nullable String banReason,
    @Nullable Instant banExpires) {

  static UserView of(User user) {
    return new UserView(
        user.id(),
        user.name(),
        user.email().orElse(null),
        user.emailVerified(),
        user.image(),
        user.createdAt(),
        user.updatedAt(),
        user.twoFactorEnabled(),
        user.role(),
        user.ban().banned(),
        user.ban().reason(),
        user.ban().until());
  }
}
