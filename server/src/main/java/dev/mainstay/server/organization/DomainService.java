package dev.mainstay.server.organization;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Mail domains of organizations. A code that is sent to the domain's postmaster, or another mailbox
 * that belongs to who runs it (RFC 2142), proves that the domain is the organization's.
 */
final class DomainService {
  private static final Duration CODE_LIFE = Duration.ofHours(24);
  private static final int MAX_DOMAINS = 20;

  private final Shared shared;
  private final InvitationLimits limits;
  private final OrganizationLetters letters;
  private final OrganizationStore organizations = new OrganizationStore();
  private final DomainStore domains = new DomainStore();
  private final Roles roles = new Roles();

  DomainService(Shared shared, InvitationLimits limits, OrganizationLetters letters) {
    this.shared = shared;
    this.limits = limits;
    this.letters = letters;
  }

  /**
   * Adds a domain, or changes the mode of one that is there, and sends a code unless it is proved.
   *
   * @param mailbox who gets the code, at the domain
   */
  Domain add(Caller caller, String organizationId, String name, Domain.Mode mode, String mailbox) {
    if (PublicMailDomains.has(name)) {
      throw Refusal.DOMAIN_IS_NOT_YOURS.badRequest();
    }
    String to = shared.users().address(mailbox + "@" + name);
    shared.database().execute(tx -> requireMayUpdate(tx, caller, organizationId));
    limits.take(caller, organizationId, List.of(to));
    return shared
        .database()
        .write(
            tx -> {
              requireMayUpdate(tx, caller, organizationId);
              Optional<Domain> there = domains.byName(tx.sql(), organizationId, name);
              if (there.isEmpty() && domains.list(tx.sql(), organizationId).size() >= MAX_DOMAINS) {
                throw Refusal.DOMAIN_LIMIT_REACHED.forbidden();
              }
              Domain domain =
                  there.isPresent()
                      ? changed(tx, there.get(), mode)
                      : added(tx, organizationId, name, mode);
              if (!domain.verified()) {
                sendCode(tx, domain, to);
              }
              audit(tx, caller, domain, there.isPresent() ? "domain-updated" : "domain-added");
              return domain;
            });
  }

  private void requireMayUpdate(Tx tx, Caller caller, String organizationId) {
    roles
        .lock(tx, organizationId, caller.userId())
        .orElseThrow(Refusal.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION::badRequest)
        .require(
            Grants.UPDATE_ORGANIZATION,
            Refusal.YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION::forbidden);
  }

  private Domain added(Tx tx, String organizationId, String name, Domain.Mode mode) {
    Domain domain = new Domain(Ids.next(), organizationId, name, mode, false, shared.now(), null);
    domains.insert(tx, domain);
    return domain;
  }

  private Domain changed(Tx tx, Domain old, Domain.Mode mode) {
    domains.setMode(tx, old.id(), mode);
    return find(tx, old.organizationId(), old.id());
  }

  private Domain find(Tx tx, String organizationId, String id) {
    return domains
        .byId(tx.sql(), organizationId, id)
        .orElseThrow(Refusal.DOMAIN_NOT_FOUND::badRequest);
  }

  private void sendCode(Tx tx, Domain domain, String to) {
    String code = Ids.secret();
    domains.setCode(tx, domain.id(), Ids.hash(code), shared.now().plus(CODE_LIFE));
    Organization organization =
        organizations
            .byId(tx.sql(), domain.organizationId())
            .orElseThrow(Refusal.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION::badRequest);
    letters.domainCode(tx, to, domain, organization, code);
  }

  private void audit(Tx tx, Caller caller, Domain domain, String action) {
    shared
        .audit()
        .record(
            tx,
            caller
                .act(action, domain.organizationId())
                .target("domain", domain.id())
                .detail(domain.domain() + " " + domain.mode().id()));
  }

  /** The organization has got the code. */
  Domain verify(Caller caller, String organizationId, String id, String code) {
    return shared
        .database()
        .write(
            tx -> {
              requireMayUpdate(tx, caller, organizationId);
              Domain domain = find(tx, organizationId, id);
              if (domain.verified()) {
                throw Refusal.DOMAIN_ALREADY_VERIFIED.badRequest();
              }
              if (!domains.isCode(tx.sql(), id, Ids.hash(code), shared.now())) {
                throw Refusal.INVALID_CODE.badRequest();
              }
              tx.exclusive("domain " + domain.domain());
              if (domains.verified(tx.sql(), domain.domain()).isPresent()) {
                throw Refusal.DOMAIN_IS_TAKEN.badRequest();
              }
              domains.setVerified(tx, id, shared.now());
              audit(tx, caller, domain, "domain-verified");
              return find(tx, organizationId, id);
            });
  }

  List<Domain> list(Caller caller, String organizationId) {
    return shared
        .database()
        .read(
            sql -> {
              if (roles.membership(sql, organizationId, caller.userId()).isEmpty()) {
                throw Refusal.YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION.forbidden();
              }
              return domains.list(sql, organizationId);
            });
  }

  /** Who has joined by the domain stays. */
  Domain remove(Caller caller, String organizationId, String id) {
    return shared
        .database()
        .write(
            tx -> {
              requireMayUpdate(tx, caller, organizationId);
              Domain domain = find(tx, organizationId, id);
              domains.delete(tx, id);
              audit(tx, caller, domain, "domain-removed");
              return domain;
            });
  }
}
