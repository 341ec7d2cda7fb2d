package dev.mainstay.server.identity;

import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Permission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Scopes as people write them and as permissions. */
final class Scopes {
  /** Of a session: whatever its user may do. */
  static final String ANY = "*";

  private static final List<String> KNOWN =
      Arrays.stream(Permission.values())
          .map(Permission::scope)
          .filter(scope -> !scope.isEmpty())
          .toList();

  /** What a key has if none are named: all but the instance's administration. */
  static final List<String> USUAL =
      KNOWN.stream().filter(scope -> !scope.equals(Permission.INSTANCE_ADMIN.scope())).toList();

  private Scopes() {}

  static String write(List<String> scopes) {
    return String.join(" ", scopes);
  }

  static List<String> read(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  static Set<Permission> permissions(String text) {
    if (text.equals(ANY)) {
      return EnumSet.allOf(Permission.class);
    }
    return read(text).stream()
        .map(Permission::ofScope)
        .flatMap(Optional::stream)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Permission.class)));
  }

  /** Refuses scopes that do not exist. */
  static List<String> check(List<String> scopes) {
    return check("scopes", scopes);
  }

  /**
   * As {@link #check(List)}.
   *
   * @param field in which they came
   */
  static List<String> check(String field, List<String> scopes) {
    for (String scope : scopes) {
      if (!KNOWN.contains(scope)) {
        throw ProblemException.badRequest(
            field, "has \"" + scope + "\"; known are " + String.join(", ", KNOWN));
      }
    }
    return scopes.stream().distinct().toList();
  }
}
