package dev.mainstay.server.organization;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The roles that every organization has. */
public enum BuiltInRole {
  OWNER,
  ADMIN,
  MEMBER;

  private static final Set<String> OF_ADMINS =
      Grants.ALL.stream()
          .filter(grant -> !grant.equals(Grants.DELETE_ORGANIZATION))
          .collect(Collectors.toUnmodifiableSet());
  private static final Set<String> OF_MEMBERS =
      Set.of(Grants.READ_ROLE, "task:read", "task:write", "queue:read", "queue:write");

  /** As it is stored and sent: {@code owner}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it allows. */
  Set<String> grants() {
    return switch (this) {
      case OWNER -> Grants.ALL;
      case ADMIN -> OF_ADMINS;
      case MEMBER -> OF_MEMBERS;
    };
  }

  static Optional<BuiltInRole> of(String id) {
    return Arrays.stream(values()).filter(role -> role.id().equals(id)).findFirst();
  }
}
