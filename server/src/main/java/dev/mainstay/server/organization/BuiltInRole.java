package dev.mainstay.server.organization;

import dev.mainstay.server.platform.http.Permission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The roles that every organization has. */
public enum BuiltInRole {
  OWNER,
  ADMIN,
  MEMBER;

  /** As it is stored and sent: {@code owner}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What a member with this role may do beyond managing the organization itself. */
  Set<Permission> permissions() {
    return switch (this) {
      case OWNER, ADMIN -> EnumSet.complementOf(EnumSet.of(Permission.INSTANCE_ADMIN));
      case MEMBER ->
          EnumSet.of(
              Permission.TASKS_READ,
              Permission.TASKS_WRITE,
              Permission.QUEUES_READ,
              Permission.QUEUES_WRITE);
    };
  }

  static Optional<BuiltInRole> of(String id) {
    return Arrays.stream(values()).filter(role -> role.id().equals(id)).findFirst();
  }
}
