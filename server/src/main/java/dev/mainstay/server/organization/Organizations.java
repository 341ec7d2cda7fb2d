package dev.mainstay.server.organization;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Permission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/** Organizations and who belongs to them. */
public final class Organizations {
  private final OrganizationStore store = new OrganizationStore();

  /**
   * Makes the organization that a user has of their own; its owner is added once they are there.
   */
  public void create(Tx tx, String id, String name, String slug, Instant now) {
    store.insert(tx, id, name, slug, now);
  }

  /** Makes somebody a member. */
  public void addMember(Tx tx, String organizationId, String userId, String role, Instant now) {
    store.insertMember(tx, Ids.next(), organizationId, userId, role, now);
  }

  /** Takes somebody out of all organizations, their own too, which nobody reaches any more. */
  public void removeEverywhere(Tx tx, String userId) {
    store.deleteMemberships(tx, userId);
  }

  /** Whether an organization with other members would be left without an owner. */
  public boolean isLastOwnerOfShared(Tx tx, String userId) {
    return store.lockMembersBeside(tx, userId).values().stream()
        .anyMatch(
            members ->
                members.size() > 1
                    && members.stream()
                        .filter(member -> !member.userId().equals(userId))
                        .noneMatch(Member::isOwner));
  }

  /** Whether somebody with this address is asked to join an organization. */
  public boolean isInvited(Tx tx, String email, Instant now) {
    return store.isInvited(tx, email, now);
  }

  /**
   * What somebody with this role may do.
   *
   * @param role one or several with commas, as a member has it
   */
  public static Set<Permission> permissions(String role) {
    EnumSet<Permission> all = EnumSet.noneOf(Permission.class);
    for (String one : role.split(",", -1)) {
      BuiltInRole.of(one.strip()).map(BuiltInRole::permissions).ifPresent(all::addAll);
    }
    return all;
  }
}
