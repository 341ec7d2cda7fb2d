package dev.mainstay.server.organization;

import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** The people whom organizations deal with. */
public interface Users {

  /**
   * Somebody.
   *
   * @param organizationId their own organization
   */
  record Person(
      String id,
      String organizationId,
      String name,
      Optional<String> email,
      boolean emailVerified,
      @Nullable String image) {}

  /** Those who are there. */
  Map<String, Person> byIds(DSLContext sql, Set<String> ids);

  /** One of them. */
  default Optional<Person> byId(DSLContext sql, String id) {
    return Optional.ofNullable(byIds(sql, Set.of(id)).get(id));
  }

  /**
   * @param email as {@link #address} gives it
   */
  Optional<Person> byEmail(DSLContext sql, String email);

  /** Somebody whom nobody else changes or deletes before this transaction ends. */
  Optional<Person> lock(Tx tx, String id);

  /** Whether an organization is somebody's own. */
  boolean isOwn(DSLContext sql, String organizationId);

  /**
   * An address as it is compared and stored.
   *
   * @throws ProblemException 400 if it is not one address
   */
  String address(String text);
}
