package dev.mainstay.server.organization;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.mail.Mailer;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Principal;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Wires what people do with organizations. */
public final class OrganizationModule {
  private final List<Endpoint<?>> endpoints = new ArrayList<>();

  /**
   * What it is made of.
   *
   * @param url where people find the server
   * @param rateLimits whether invitations are counted
   * @param requireFresh refuses a session whose user has not signed in lately
   */
  public record Parts(
      Database database,
      InstantSource clock,
      Organizations organizations,
      Users users,
      ActiveOrganizations active,
      AuditLog audit,
      Mailer mailer,
      Supplier<URI> url,
      boolean rateLimits,
      Consumer<Principal> requireFresh) {}

  public OrganizationModule(Parts parts) {
    Shared shared =
        new Shared(parts.database(), parts.clock(), parts.users(), parts.active(), parts.audit());
    InvitationLimits limits = new InvitationLimits(parts.rateLimits(), parts.clock());
    OrganizationLetters letters = new OrganizationLetters(parts.mailer(), parts.url());
    OrganizationService organizations =
        new OrganizationService(shared, parts.organizations().closing());
    InvitationService invitations = new InvitationService(shared, limits, letters);

    endpoints.addAll(new OrganizationEndpoints(organizations, invitations).endpoints());
    endpoints.addAll(new MemberEndpoints(new MemberService(shared, organizations)).endpoints());
    endpoints.addAll(
        new InvitationEndpoints(invitations, new InvitationAnswers(shared), parts.requireFresh())
            .endpoints());
    endpoints.addAll(new TeamEndpoints(new TeamService(shared)).endpoints());
    endpoints.addAll(new RoleEndpoints(new RoleService(shared)).endpoints());
    endpoints.addAll(new DomainEndpoints(new DomainService(shared, limits, letters)).endpoints());
    endpoints.addAll(new InstanceOrganizationEndpoints(parts.database()).endpoints());
    endpoints.addAll(
        new MembershipRequestEndpoints(new MembershipRequestService(shared)).endpoints());
  }

  public List<Endpoint<?>> endpoints() {
    return List.copyOf(endpoints);
  }
}
