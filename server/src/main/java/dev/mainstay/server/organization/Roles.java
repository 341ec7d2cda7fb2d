package dev.mainstay.server.organization;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/** What members may do, by their roles. */
final class Roles {
  /** Of one member. */
  static final int MAX_ROLES = 10;

  static final int MAX_NAME = 50;

  private final MemberStore members = new MemberStore();
  private final RoleStore roles = new RoleStore();

  /** Somebody's membership; empty too if there is no such organization. */
  Optional<Membership> membership(DSLContext sql, String organizationId, String userId) {
    return members
        .find(sql, organizationId, userId)
        .map(member -> new Membership(member, grants(sql, organizationId, member.roles())));
  }

  /** As {@link #membership}, for changes: nobody else changes the organization meanwhile. */
  Optional<Membership> lock(Tx tx, String organizationId, String userId) {
    members.lock(tx, organizationId);
    return membership(tx.sql(), organizationId, userId);
  }

  /** What roles allow together. The table is read only if one of them is not built in. */
  Set<String> grants(DSLContext sql, String organizationId, List<String> names) {
    Set<String> all = new LinkedHashSet<>();
    List<String> others = new ArrayList<>();
    for (String name : names) {
      BuiltInRole.of(name)
          .ifPresentOrElse(role -> all.addAll(role.grants()), () -> others.add(name));
    }
    if (!others.isEmpty()) {
      roles.byNames(sql, organizationId, others).forEach(role -> all.addAll(role.grants()));
    }
    return all;
  }

  /**
   * Names of roles, each once.
   *
   * @param given a text, with commas between several, or a list
   * @throws ProblemException 400 if it is nothing of the kind
   */
  static List<String> parse(JsonNode given) {
    List<String> texts = OneOrManyTexts.parse("role", given, MAX_ROLES);
    List<String> names =
        texts.stream()
            .flatMap(text -> List.of(text.split(",", -1)).stream())
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .distinct()
            .toList();
    if (names.isEmpty() || names.size() > MAX_ROLES) {
      throw ProblemException.badRequest("role", "must name 1 to " + MAX_ROLES + " roles");
    }
    return names;
  }

  /** Refuses roles that the organization does not have. */
  void requireKnown(DSLContext sql, String organizationId, List<String> names) {
    List<String> others = names.stream().filter(name -> BuiltInRole.of(name).isEmpty()).toList();
    if (others.isEmpty()) {
      return;
    }
    Set<String> known =
        roles.byNames(sql, organizationId, others).stream()
            .map(CustomRole::role)
            .collect(Collectors.toSet());
    List<String> unknown = others.stream().filter(name -> !known.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw Refusal.ROLE_NOT_FOUND.badRequest("ROLE_NOT_FOUND: " + String.join(", ", unknown));
    }
  }

  /** Whether somebody may give roles: owners alone make owners, and nobody gives what they lack. */
  boolean mayGive(DSLContext sql, Membership giver, List<String> names) {
    if (names.contains(BuiltInRole.OWNER.id()) && !giver.member().isOwner()) {
      return false;
    }
    return giver.grants().containsAll(grants(sql, giver.member().organizationId(), names));
  }
}
