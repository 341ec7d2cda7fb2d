package dev.mainstay.server.organization;

import dev.mainstay.server.platform.http.Permission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What roles allow: actions on resources, written {@code member:create}. The first five resources
 * are Better Auth's, for the organization itself; the others stand for {@link Permission}s.
 */
final class Grants {
  static final String UPDATE_ORGANIZATION = "organization:update";
  static final String DELETE_ORGANIZATION = "organization:delete";
  static final String CREATE_MEMBER = "member:create";
  static final String UPDATE_MEMBER = "member:update";
  static final String DELETE_MEMBER = "member:delete";
  static final String CREATE_INVITATION = "invitation:create";
  static final String CANCEL_INVITATION = "invitation:cancel";
  static final String CREATE_TEAM = "team:create";
  static final String UPDATE_TEAM = "team:update";
  static final String DELETE_TEAM = "team:delete";
  static final String CREATE_ROLE = "ac:create";
  static final String READ_ROLE = "ac:read";
  static final String UPDATE_ROLE = "ac:update";
  static final String DELETE_ROLE = "ac:delete";

  /** All that there are, of which an owner has every one. */
  static final Set<String> ALL = all();

  private Grants() {}

  private static Set<String> all() {
    Set<String> all =
        new LinkedHashSet<>(
            List.of(
                UPDATE_ORGANIZATION,
                DELETE_ORGANIZATION,
                CREATE_MEMBER,
                UPDATE_MEMBER,
                DELETE_MEMBER,
                CREATE_INVITATION,
                CANCEL_INVITATION,
                CREATE_TEAM,
                UPDATE_TEAM,
                DELETE_TEAM,
                CREATE_ROLE,
                READ_ROLE,
                UPDATE_ROLE,
                DELETE_ROLE));
    Arrays.stream(Permission.values()).map(Grants::of).flatMap(Optional::stream).forEach(all::add);
    return Collections.unmodifiableSet(all);
  }

  /** What a role must allow for a permission; empty for one that no role gives. */
  private static Optional<String> of(Permission permission) {
    return switch (permission) {
      case TASKS_READ -> Optional.of("task:read");
      case TASKS_WRITE -> Optional.of("task:write");
      case QUEUES_READ -> Optional.of("queue:read");
      case QUEUES_WRITE -> Optional.of("queue:write");
      case QUEUES_OPERATE -> Optional.of("queue:operate");
      case KEYS_MANAGE -> Optional.of("key:manage");
      case PUBLIC, ANYONE, SIGNED_IN, SESSION, ACCOUNT, INSTANCE_ADMIN -> Optional.empty();
    };
  }

  static Set<Permission> permissions(Set<String> grants) {
    return Arrays.stream(Permission.values())
        .filter(permission -> of(permission).filter(grants::contains).isPresent())
        .collect(
            Collectors.collectingAndThen(
                Collectors.toCollection(() -> EnumSet.noneOf(Permission.class)),
                Collections::unmodifiableSet));
  }

  /**
   * @param permission actions by resource, as the API has them
   */
  static Set<String> of(Map<String, List<String>> permission) {
    return permission.entrySet().stream()
        .flatMap(entry -> entry.getValue().stream().map(action -> entry.getKey() + ":" + action))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The first resource or action that does not exist. */
  static Optional<String> unknown(Map<String, List<String>> permission) {
    Set<String> resources =
        ALL.stream()
            .map(grant -> grant.substring(0, grant.indexOf(':')))
            .collect(Collectors.toSet());
    return permission.keySet().stream()
        .filter(resource -> !resources.contains(resource))
        .findFirst()
        .or(() -> of(permission).stream().filter(grant -> !ALL.contains(grant)).findFirst());
  }

  /** As the API has them, in the order in which they were given. */
  static Map<String, List<String>> byResource(Set<String> grants) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (String grant : grants) {
      int colon = grant.indexOf(':');
      all.computeIfAbsent(grant.substring(0, colon), resource -> new ArrayList<>())
          .add(grant.substring(colon + 1));
    }
    return all;
  }
}
