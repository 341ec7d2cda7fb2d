package dev.mainstay.server.organization;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.StatementReader;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Permission;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jooq.DSLContext;

/** Organizations and who belongs to them, as far as signing in asks for it. */
public final class Organizations {
  private final InstantSource clock;
  private final OrganizationStore store = new OrganizationStore();
  private final MemberStore members = new MemberStore();
  private final TeamStore teams = new TeamStore();
  private final InvitationStore invitations = new InvitationStore();
  private final MembershipRequestStore requests = new MembershipRequestStore();
  private final Roles roles = new Roles();
  private final Closing closing;
  private final DomainJoining domains;

  /**
   * @param stop ends what is still going on in an organization that comes to an end, in the same
   *     transaction
   */
  public Organizations(InstantSource clock, AuditLog audit, BiConsumer<Tx, String> stop) {
    this.clock = clock;
    this.closing = new Closing(stop);
    this.domains = new DomainJoining(clock, audit);
  }

  /**
   * Makes the organization that a user has of their own; its owner is added once they are there.
   */
  public void create(Tx tx, String id, String name, String slug, Instant now) {
    store.insert(tx, new Organization(id, name, slug, null, null, now));
  }

  /** Makes somebody a member. */
  public void addMember(Tx tx, String organizationId, String userId, String role, Instant now) {
    members.insert(tx, new Member(Ids.next(), organizationId, userId, role, now));
  }

  /** Takes somebody out of all organizations. Those in which nobody is left come to an end. */
  public void removeEverywhere(Tx tx, String userId) {
    requests.deletePending(tx, userId);
    for (String organizationId : members.organizationsOf(tx.sql(), userId)) {
      members.lock(tx, organizationId);
      teams.deleteMemberships(tx, organizationId, userId);
      members.delete(tx, organizationId, userId);
      if (members.count(tx.sql(), organizationId) == 0) {
        closing.close(tx, organizationId, clock.instant());
      }
    }
  }

  /** Erases somebody's address from invitations. */
  public void forget(Tx tx, String email) {
    invitations.deleteTo(tx, email);
  }

  /** An organization in which somebody is. */
  public record OwnMembership(String organizationId, String role, Instant since) {}

  /** Where somebody is a member. */
  public List<OwnMembership> membershipsOf(DSLContext sql, String userId) {
    return members.organizationsOf(sql, userId).stream()
        .flatMap(id -> members.find(sql, id, userId).stream())
        .map(one -> new OwnMembership(one.organizationId(), one.role(), one.createdAt()))
        .toList();
  }

  /**
   * Whether an organization with other members would be left without an owner. Nobody else changes
   * the members of these organizations before the transaction ends.
   */
  public boolean isLastOwnerOfShared(Tx tx, String userId) {
    List<String> all = members.organizationsOf(tx.sql(), userId);
    all.forEach(id -> members.lock(tx, id));
    return all.stream()
        .map(id -> members.list(tx.sql(), id))
        .anyMatch(
            list ->
                list.size() > 1
                    && list.stream()
                        .filter(member -> !member.userId().equals(userId))
                        .noneMatch(Member::isOwner));
  }

  /** Whether somebody with this address is asked to join an organization, or its domain is. */
  public boolean isInvited(Tx tx, String email, Instant now) {
    return invitations.isInvited(tx.sql(), email, now) || domains.takes(tx.sql(), email);
  }

  /**
   * Somebody, whose row is locked, has proved that an address is theirs: they join the organization
   * whose domain it is at, or ask to, if the organization wants that.
   */
  public void addressProved(Tx tx, String userId, String email, Client client) {
    domains.arrive(tx, userId, email, client);
  }

  /**
   * A user's role in an organization.
   *
   * @param role one or several with commas
   */
  public record UserRole(String userId, String organizationId, String role) {}

  /**
   * The membership of a user in an organization that is there.
   *
   * @param idOrSlug what has the form of an id is never taken for a slug, so that no slug stands in
   *     for another organization's id
   */
  public Optional<UserRole> membership(StatementReader reader, String userId, String idOrSlug) {
    return members.find(reader, userId, idOrSlug, Ids.isId(idOrSlug));
  }

  /** All memberships of some users in organizations that are there. */
  public List<UserRole> roles(DSLContext sql, List<String> userIds) {
    return members.roles(sql, userIds);
  }

  /** The id of an organization that is there, as {@link #membership} finds it. */
  public Optional<String> idOf(StatementReader reader, String idOrSlug) {
    return store.idOf(reader, idOrSlug, Ids.isId(idOrSlug));
  }

  Closing closing() {
    return closing;
  }

  /** Nobody's membership of an organization changes before the transaction ends. */
  public void holdMembers(Tx tx, String organizationId) {
    members.lock(tx, organizationId);
  }

  /** What somebody may do in an organization; empty if they are not in it. */
  public Optional<Set<Permission>> permissionsOf(
      DSLContext sql, String organizationId, String userId) {
    return members
        .find(sql, organizationId, userId)
        .map(member -> permissions(sql, organizationId, member.role()));
  }

  /** As {@link #permissions}, if the role is built in: then no table needs to be read. */
  public Optional<Set<Permission>> builtInPermissions(String role) {
    return BuiltInRole.of(role).map(BuiltInRole::permissions);
  }

  /**
   * What somebody with this role may do.
   *
   * @param role one or several with commas, as a member has it
   */
  public Set<Permission> permissions(DSLContext sql, String organizationId, String role) {
    return Grants.permissions(roles.grants(sql, organizationId, List.of(role.split(",", -1))));
  }
}
