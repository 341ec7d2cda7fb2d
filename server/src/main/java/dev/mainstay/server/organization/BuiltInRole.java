package dev.mainstay.server.organization;

import dev.mainstay.server.platform.http.Permission;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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

  private static final Set<Permission> MAY_OWNERS = Grants.permissions(Grants.ALL);
  private static final Set<Permission> MAY_ADMINS = Grants.permissions(OF_ADMINS);
  private static final Set<Permission> MAY_MEMBERS = Grants.permissions(OF_MEMBERS);
  private static final Map<String, BuiltInRole> BY_ID =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(BuiltInRole::id, Function.identity()));

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

  /** What a request of somebody with this role may do. */
  Set<Permission> permissions() {
    return switch (this) {
      case OWNER -> MAY_OWNERS;
      case ADMIN -> MAY_ADMINS;
      case MEMBER -> MAY_MEMBERS;
    };
  }

  static Optional<BuiltInRole> of(String id) {
    return Optional.ofNullable(BY_ID.get(id));
  }
}
