package dev.mainstay.server.organization;

import dev.mainstay.server.platform.Tx;
import java.time.Instant;
import java.util.function.BiConsumer;

/** The end of an organization: what was done in it stays, and nobody reaches it any more. */
final class Closing {
  private final BiConsumer<Tx, String> stop;
  private final OrganizationStore organizations = new OrganizationStore();
  private final MemberStore members = new MemberStore();
  private final InvitationStore invitations = new InvitationStore();
  private final TeamStore teams = new TeamStore();
  private final RoleStore roles = new RoleStore();
  private final DomainStore domains = new DomainStore();
  private final MembershipRequestStore requests = new MembershipRequestStore();

  /**
   * @param stop ends what is still going on in an organization
   */
  Closing(BiConsumer<Tx, String> stop) {
    this.stop = stop;
  }

  /** Under the lock of {@link MemberStore#lock}; no session has it active any more. */
  void close(Tx tx, String organizationId, Instant now) {
    stop.accept(tx, organizationId);
    requests.deleteAll(tx, organizationId);
    domains.deleteAll(tx, organizationId);
    invitations.deleteAll(tx, organizationId);
    teams.deleteAll(tx, organizationId);
    roles.deleteAll(tx, organizationId);
    members.deleteAll(tx, organizationId);
    organizations.markDeleted(tx, organizationId, now);
  }
}
