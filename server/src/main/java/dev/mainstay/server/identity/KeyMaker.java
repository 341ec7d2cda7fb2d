package dev.mainstay.server.identity;

import dev.mainstay.server.organization.Organizations;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Permission;
import dev.mainstay.server.platform.http.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What whoever makes or changes a key may give it: nothing that they have not, for no longer than
 * they have it.
 */
final class KeyMaker {
  private final Organizations organizations;
  private final KeyStore keys;
  private final SessionStore sessions;

  KeyMaker(Organizations organizations, KeyStore keys, SessionStore sessions) {
    this.organizations = organizations;
    this.keys = keys;
    this.sessions = sessions;
  }

  /** Refuses whoever acts in somebody's name. */
  static void requireInPerson(Principal principal) {
    if (!principal.actorId().equals(principal.userId())) {
      throw ProblemException.forbidden(
          "Whoever acts in somebody's name makes no keys, which would outlive that");
    }
  }

  /** The key with which the caller came, or with which their session was opened. */
  Optional<ApiKey> key(DSLContext sql, Principal principal) {
    return switch (principal.kind()) {
      case KEY -> keys.find(sql, principal.credentialId());
      case LENT_SESSION ->
          sessions.apiKeyId(sql, principal.credentialId()).flatMap(id -> keys.find(sql, id));
      case SESSION -> Optional.empty();
    };
  }

  /** A key makes none that could be used more than itself. */
  static void requireUnlimited(Optional<ApiKey> by) {
    if (by.filter(key -> key.limits().any()).isPresent()) {
      throw ProblemException.forbidden("A key with limits of its own makes no keys");
    }
  }

  /** A key makes none that outlives it. */
  static @Nullable Instant end(@Nullable Instant wanted, Optional<ApiKey> by) {
    @Nullable Instant own = by.map(ApiKey::expiresAt).orElse(null);
    return wanted == null || (own != null && own.isBefore(wanted)) ? own : wanted;
  }

  /** What the caller may give to a key of this owner; their memberships hold still meanwhile. */
  List<String> scopes(Tx tx, Principal principal, KeyOwner owner) {
    Set<Permission> may = EnumSet.noneOf(Permission.class);
    boolean fresh = owner.organization() && principal.kind() == Principal.Kind.SESSION;
    if (!fresh && owner.organizationId().equals(principal.organizationId())) {
      may.addAll(principal.permissions());
    } else {
      organizations.holdMembers(tx, owner.organizationId());
      organizations
          .permissionsOf(tx.sql(), owner.organizationId(), principal.userId())
          .ifPresent(may::addAll);
      if (principal.may(Permission.INSTANCE_ADMIN)) {
        may.add(Permission.INSTANCE_ADMIN);
      }
    }
    if (owner.organization()) {
      // It would outlive that its maker administers the instance.
      may.remove(Permission.INSTANCE_ADMIN);
    }
    return may.stream().map(Permission::scope).toList();
  }

  /** The scopes that were asked for, or the usual ones. */
  static List<String> choose(Optional<List<String>> wanted, List<String> own) {
    List<String> scopes =
        wanted
            .map(Scopes::check)
            .orElseGet(() -> Scopes.USUAL.stream().filter(own::contains).toList());
    if (!own.containsAll(scopes)) {
      throw ProblemException.forbidden("A key cannot have scopes that its maker lacks");
    }
    return new ArrayList<>(scopes);
  }

  /** Refuses who may not see to the keys of an organization, whichever is active. */
  void requireManages(DSLContext sql, String organizationId, Principal principal) {
    Set<Permission> may =
        organizations
            .permissionsOf(sql, organizationId, principal.userId())
            .orElseThrow(KeyRefusal.USER_NOT_MEMBER_OF_ORGANIZATION::problem);
    if (!may.contains(Permission.KEYS_MANAGE)) {
      throw KeyRefusal.INSUFFICIENT_API_KEY_PERMISSIONS.problem();
    }
  }

  /** As {@link #requireManages}, and so it is until the transaction ends. */
  void requireStillManages(Tx tx, String organizationId, Principal principal) {
    organizations.holdMembers(tx, organizationId);
    requireManages(tx.sql(), organizationId, principal);
  }

  boolean isMember(DSLContext sql, String organizationId, Principal principal) {
    return organizations.permissionsOf(sql, organizationId, principal.userId()).isPresent();
  }
}
