package dev.mainstay.server.identity;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A person.
 *
 * @param organizationId their own organization
 * @param email in lower case; none before they have given one
 * @param role in the instance: {@code user} or {@code admin}
 */
record User(
    String id,
    String organizationId,
    String name,
    Optional<String> email,
    boolean emailVerified,
    @Nullable String image,
    String role,
    boolean twoFactorEnabled,
    Ban ban,
    Instant createdAt,
    Instant updatedAt) {
  static final String USER = "user";
  static final String ADMIN = "admin";

  /**
   * Whether somebody is shut out.
   *
   * @param until no end if absent
   */
  record Ban(boolean banned, @Nullable String reason, @Nullable Instant until) {
    static final Ban NONE = new Ban(false, null, null);

    boolean holds(Instant now) {
      return banned && (until == null || now.isBefore(until));
    }
  }

  boolean isAdmin() {
    return role.equals(ADMIN);
  }

  /** The address; for what only somebody with one can have come to. */
  String address() {
    return email.orElseThrow(() -> new IllegalStateException("a user without an address"));
  }
}
