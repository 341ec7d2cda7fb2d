package dev.mainstay.server.identity;

import dev.mainstay.server.platform.http.Permission;
import dev.mainstay.server.platform.http.Principal;
import java.util.EnumSet;
import java.util.Set;

/**
 * A credential that is valid now.
 *
 * @param scopes what it was made for; what its user may not do, it may not do either
 * @param memberRole of the user in the organization
 * @param userRole of the user in the instance
 * @param ofOrganization it is a key that the organization owns: it acts nowhere else
 * @param organizationNamed as {@link Principal#organizationNamed}
 * @param actorId as {@link Principal#actorId}
 */
record Credential(
    String id,
    String organizationId,
    String userId,
    String scopes,
    String memberRole,
    String userRole,
    Principal.Kind kind,
    boolean ofOrganization,
    boolean organizationNamed,
    String actorId) {

  /** The same credential in an organization that the request names. */
  Credential named(String organization, String role) {
    return new Credential(
        id, organization, userId, scopes, role, userRole, kind, ofOrganization, true, actorId);
  }

  /**
   * @param member what the user may do in the organization
   */
  Principal principal(Set<Permission> member) {
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    permissions.addAll(member);
    if (userRole.equals(User.ADMIN)) {
      permissions.add(Permission.INSTANCE_ADMIN);
    }
    permissions.retainAll(Scopes.permissions(scopes));
    return new Principal(organizationId, userId, id, permissions, kind, organizationNamed, actorId);
  }
}
