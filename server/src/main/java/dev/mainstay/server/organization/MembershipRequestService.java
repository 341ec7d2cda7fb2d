package dev.mainstay.server.organization;

import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** People ask to join the organization whose mail domain their address is at. */
final class MembershipRequestService {
  private static final int MAX_LISTED = 200;

  private final Shared shared;
  private final MemberStore members = new MemberStore();
  private final MembershipRequestStore requests = new MembershipRequestStore();
  private final Roles roles = new Roles();
  private final Joining joining = new Joining();
  private final DomainJoining domains;

  MembershipRequestService(Shared shared) {
    this.shared = shared;
    this.domains = new DomainJoining(shared.clock(), shared.audit());
  }

  /**
   * The caller asks to join.
   *
   * @param organizationId refused if it is not the one of their domain
   */
  MembershipRequest request(Caller caller, Optional<String> organizationId) {
    return shared
        .database()
        .write(
            tx -> {
              Users.Person person = shared.lock(tx, caller);
              String wanted = organizationOf(tx, person);
              if (organizationId.filter(id -> !id.equals(wanted)).isPresent()) {
                throw Refusal.YOU_CANNOT_REQUEST_MEMBERSHIP.forbidden();
              }
              members.lock(tx, wanted);
              if (members.find(tx.sql(), wanted, person.id()).isPresent()) {
                throw Refusal.USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION.badRequest();
              }
              if (!organizationOf(tx, person).equals(wanted)) {
                throw Refusal.YOU_CANNOT_REQUEST_MEMBERSHIP.forbidden();
              }
              return domains.request(tx, wanted, person.id(), caller.client());
            });
  }

  private String organizationOf(Tx tx, Users.Person person) {
    return person
        .email()
        .filter(email -> person.emailVerified())
        .flatMap(email -> domains.domainOf(tx.sql(), email))
        .filter(domain -> domain.mode() != Domain.Mode.INVITE)
        .map(Domain::organizationId)
        .orElseThrow(Refusal.YOU_CANNOT_REQUEST_MEMBERSHIP::forbidden);
  }

  /** Those that wait. */
  List<MembershipRequest> list(Caller caller, String organizationId) {
    return shared
        .database()
        .read(
            sql -> {
              roles
                  .membership(sql, organizationId, caller.userId())
                  .orElseThrow(Refusal.YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION::forbidden)
                  .require(
                      Grants.CREATE_MEMBER,
                      Refusal.YOU_ARE_NOT_ALLOWED_TO_DECIDE_MEMBERSHIP_REQUESTS::forbidden);
              List<MembershipRequest> waiting = requests.list(sql, organizationId, MAX_LISTED);
              Map<String, Users.Person> people =
                  shared
                      .users()
                      .byIds(
                          sql,
                          waiting.stream()
                              .map(MembershipRequest::userId)
                              .collect(Collectors.toSet()));
              return waiting.stream()
                  .map(request -> request.of(people.get(request.userId())))
                  .toList();
            });
  }

  MembershipRequest accept(Caller caller, String id) {
    return shared
        .database()
        .write(
            tx -> {
              MembershipRequest found = find(tx, id);
              // Before the organization, as everywhere: who is being deleted does not join.
              Users.Person person =
                  shared
                      .users()
                      .lock(tx, found.userId())
                      .orElseThrow(Refusal.MEMBERSHIP_REQUEST_NOT_FOUND::badRequest);
              MembershipRequest request = lock(tx, caller, found);
              requireStillThere(tx, person, request);
              Member unused =
                  joining.join(
                      tx,
                      request.organizationId(),
                      request.userId(),
                      BuiltInRole.MEMBER.id(),
                      shared.now());
              return decide(tx, caller, request, MembershipRequest.ACCEPTED);
            });
  }

  /**
   * The request stands on an address at the organization's domain, which may have changed since.
   */
  private void requireStillThere(Tx tx, Users.Person person, MembershipRequest request) {
    if (person
        .email()
        .filter(email -> person.emailVerified())
        .flatMap(email -> domains.domainOf(tx.sql(), email))
        .filter(domain -> domain.organizationId().equals(request.organizationId()))
        .isEmpty()) {
      throw ProblemException.conflict(
          "address-not-at-domain",
          "Whoever asks has no confirmed address at a domain of this organization any more; invite them");
    }
  }

  MembershipRequest reject(Caller caller, String id) {
    return shared
        .database()
        .write(
            tx -> decide(tx, caller, lock(tx, caller, find(tx, id)), MembershipRequest.REJECTED));
  }

  private MembershipRequest find(Tx tx, String id) {
    return requests
        .byId(tx.sql(), id)
        .filter(request -> request.status().equals(MembershipRequest.PENDING))
        .orElseThrow(Refusal.MEMBERSHIP_REQUEST_NOT_FOUND::badRequest);
  }

  /** A request that the caller may decide, which nobody else decides meanwhile. */
  private MembershipRequest lock(Tx tx, Caller caller, MembershipRequest found) {
    Membership own =
        roles
            .lock(tx, found.organizationId(), caller.userId())
            .orElseThrow(Refusal.MEMBERSHIP_REQUEST_NOT_FOUND::badRequest);
    own.require(
        Grants.CREATE_MEMBER, Refusal.YOU_ARE_NOT_ALLOWED_TO_DECIDE_MEMBERSHIP_REQUESTS::forbidden);
    if (!roles.mayGive(tx.sql(), own, List.of(BuiltInRole.MEMBER.id()))) {
      throw Refusal.YOU_ARE_NOT_ALLOWED_TO_DECIDE_MEMBERSHIP_REQUESTS.forbidden();
    }
    return find(tx, found.id());
  }

  private MembershipRequest decide(Tx tx, Caller caller, MembershipRequest request, String status) {
    MembershipRequest decided = request.decided(status, shared.now());
    requests.decide(tx, decided, caller.userId());
    shared
        .audit()
        .record(
            tx,
            caller
                .act("membership-request-" + status, request.organizationId())
                .target("user", request.userId()));
    return decided;
  }
}
