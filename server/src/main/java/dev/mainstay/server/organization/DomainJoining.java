package dev.mainstay.server.organization;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** People who have proved an address at a domain that an organization has proved to be its own. */
final class DomainJoining {
  private static final Logger log = LoggerFactory.getLogger(DomainJoining.class);

  private final InstantSource clock;
  private final AuditLog audit;
  private final DomainStore domains = new DomainStore();
  private final MemberStore members = new MemberStore();
  private final MembershipRequestStore requests = new MembershipRequestStore();
  private final Joining joining = new Joining();

  DomainJoining(InstantSource clock, AuditLog audit) {
    this.clock = clock;
    this.audit = audit;
  }

  /** The domain of an address, if it is an organization's own. */
  Optional<Domain> domainOf(DSLContext sql, String email) {
    return domains.verified(sql, email.substring(email.lastIndexOf('@') + 1));
  }

  /** Whether an organization takes everybody with an address at this domain. */
  boolean takes(DSLContext sql, String email) {
    return domainOf(sql, email)
        .filter(domain -> domain.mode() == Domain.Mode.AUTO_JOIN)
        .isPresent();
  }

  void arrive(Tx tx, String userId, String email, Client client) {
    Optional<Domain> found = domainOf(tx.sql(), email);
    if (found.isEmpty()) {
      return;
    }
    members.lock(tx, found.get().organizationId());
    Optional<Domain> domain = domainOf(tx.sql(), email);
    if (domain.isEmpty()
        || members.find(tx.sql(), domain.get().organizationId(), userId).isPresent()) {
      return;
    }
    switch (domain.get().mode()) {
      case INVITE -> {
        // somebody has to ask them
      }
      case AUTO_JOIN -> join(tx, domain.get(), userId, client);
      case REQUEST -> {
        MembershipRequest unused = request(tx, domain.get().organizationId(), userId, client);
      }
    }
  }

  private void join(Tx tx, Domain domain, String userId, Client client) {
    try {
      Member unused =
          joining.join(
              tx, domain.organizationId(), userId, BuiltInRole.MEMBER.id(), clock.instant());
    } catch (ProblemException e) {
      // They have an account all the same.
      log.info("Nobody joins {} by its domain: {}", domain.organizationId(), e.getMessage());
      return;
    }
    audit.record(
        tx,
        AuditLog.Act.of("member-joined", userId, client)
            .in(domain.organizationId())
            .target("user", userId)
            .detail("by the domain " + domain.domain()));
  }

  /** Asks to join, under the lock of the organization's members. One that waits stays. */
  MembershipRequest request(Tx tx, String organizationId, String userId, Client client) {
    Optional<MembershipRequest> pending = requests.pending(tx.sql(), organizationId, userId);
    if (pending.isPresent()) {
      return pending.get();
    }
    Instant now = clock.instant();
    MembershipRequest request =
        new MembershipRequest(
            Ids.next(), organizationId, userId, MembershipRequest.PENDING, now, null, null);
    requests.insert(tx, request);
    audit.record(
        tx,
        AuditLog.Act.of("membership-requested", userId, client)
            .in(organizationId)
            .target("user", userId));
    return request;
  }
}
