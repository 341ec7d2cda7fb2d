package dev.mainstay.server.organization;

import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.DSLContext;

/** Who is in organizations, with which roles, and how they leave. */
final class MemberService {
  private final Shared shared;
  private final OrganizationService organizations;
  private final MemberStore members = new MemberStore();
  private final TeamStore teams = new TeamStore();
  private final Roles roles = new Roles();

  MemberService(Shared shared, OrganizationService organizations) {
    this.shared = shared;
    this.organizations = organizations;
  }

  /** Takes somebody out. */
  MemberView remove(Caller caller, String organizationId, String idOrEmail) {
    return shared
        .database()
        .write(
            tx -> {
              Membership own =
                  roles
                      .lock(tx, organizationId, caller.userId())
                      .orElseThrow(Refusal.MEMBER_NOT_FOUND::badRequest);
              Member member =
                  find(tx.sql(), organizationId, idOrEmail)
                      .orElseThrow(Refusal.MEMBER_NOT_FOUND::badRequest);
              if (member.isOwner() && (!own.member().isOwner() || isOnlyOwner(tx.sql(), member))) {
                throw Refusal.YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER.badRequest();
              }
              own.require(
                  Grants.DELETE_MEMBER,
                  Refusal.YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER::unauthorized);
              requireMayGive(
                  tx, own, member, Refusal.YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER::unauthorized);
              leave(tx, member);
              shared
                  .audit()
                  .record(
                      tx,
                      caller.act("member-removed", organizationId).target("user", member.userId()));
              // As Better Auth does: who was found by their address is shown with it.
              return idOrEmail.contains("@") ? view(tx.sql(), member) : MemberView.of(member);
            });
  }

  /** What somebody takes away they must be able to give: a weak role strips no strong one. */
  private void requireMayGive(
      Tx tx, Membership own, Member member, Supplier<ProblemException> otherwise) {
    if (!roles.mayGive(tx.sql(), own, member.roles())) {
      throw otherwise.get();
    }
  }

  private Optional<Member> find(DSLContext sql, String organizationId, String idOrEmail) {
    return idOrEmail.contains("@")
        ? shared
            .users()
            .byEmail(sql, shared.users().address(idOrEmail))
            .flatMap(person -> members.find(sql, organizationId, person.id()))
        : members.byId(sql, organizationId, idOrEmail);
  }

  private boolean isOnlyOwner(DSLContext sql, Member member) {
    return member.isOwner()
        && members.list(sql, member.organizationId()).stream()
            .filter(Member::isOwner)
            .allMatch(owner -> owner.id().equals(member.id()));
  }

  private void leave(Tx tx, Member member) {
    String organizationId = member.organizationId();
    if (shared
        .users()
        .byId(tx.sql(), member.userId())
        .filter(person -> person.organizationId().equals(organizationId))
        .isPresent()) {
      throw Refusal.YOU_CANNOT_LEAVE_YOUR_OWN_ORGANIZATION.badRequest();
    }
    teams.deleteMemberships(tx, organizationId, member.userId());
    members.delete(tx, organizationId, member.userId());
    shared.active().leave(tx, organizationId, member.userId(), shared.now());
  }

  /** The caller goes. */
  MemberView leave(Caller caller, String organizationId) {
    return shared
        .database()
        .write(
            tx -> {
              Member member =
                  roles
                      .lock(tx, organizationId, caller.userId())
                      .map(Membership::member)
                      .orElseThrow(Refusal.MEMBER_NOT_FOUND::badRequest);
              if (isOnlyOwner(tx.sql(), member)) {
                throw Refusal.YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER.badRequest();
              }
              leave(tx, member);
              shared
                  .audit()
                  .record(
                      tx,
                      caller.act("member-left", organizationId).target("user", member.userId()));
              return view(tx.sql(), member);
            });
  }

  Member setRoles(Caller caller, String organizationId, String memberId, List<String> names) {
    return shared
        .database()
        .write(
            tx -> {
              Membership own =
                  roles
                      .lock(tx, organizationId, caller.userId())
                      .orElseThrow(Refusal.MEMBER_NOT_FOUND::badRequest);
              Member member =
                  members
                      .byId(tx.sql(), organizationId, memberId)
                      .orElseThrow(Refusal.MEMBER_NOT_FOUND::badRequest);
              boolean owner = names.contains(BuiltInRole.OWNER.id());
              if ((member.isOwner() || owner) && !own.member().isOwner()) {
                throw Refusal.YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER.forbidden();
              }
              if (!owner && isOnlyOwner(tx.sql(), member)) {
                throw Refusal.YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER.badRequest();
              }
              own.require(
                  Grants.UPDATE_MEMBER,
                  Refusal.YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER::forbidden);
              requireMayGive(
                  tx, own, member, Refusal.YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER::forbidden);
              roles.requireKnown(tx.sql(), organizationId, names);
              if (!roles.mayGive(tx.sql(), own, names)) {
                throw Refusal.YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER.forbidden(
                    "Nobody gives a role that allows what they may not do themselves");
              }
              String role = String.join(",", names);
              members.setRole(tx, member.id(), role);
              shared
                  .audit()
                  .record(
                      tx,
                      caller
                          .act("member-role-changed", organizationId)
                          .target("user", member.userId())
                          .detail(member.role() + " to " + role));
              return new Member(
                  member.id(), organizationId, member.userId(), role, member.createdAt());
            });
  }

  MemberView active(Caller caller) {
    return shared
        .database()
        .read(
            sql ->
                members
                    .find(sql, caller.active(), caller.userId())
                    .map(member -> view(sql, member))
                    .orElseThrow(Refusal.MEMBER_NOT_FOUND::badRequest));
  }

  private MemberView view(DSLContext sql, Member member) {
    return views(sql, List.of(member)).getFirst();
  }

  private List<MemberView> views(DSLContext sql, List<Member> list) {
    Map<String, Users.Person> people = shared.people(sql, list);
    return list.stream().map(member -> MemberView.of(member, people.get(member.userId()))).toList();
  }

  /**
   * Some of the members.
   *
   * @param total how many there are in all
   */
  record Listed(List<MemberView> members, int total) {}

  Listed list(Caller caller, Optional<String> id, Optional<String> slug, MemberQuery query) {
    return shared
        .database()
        .read(
            sql -> {
              String organizationId = requireMember(sql, caller, id, slug).organizationId();
              return new Listed(
                  views(sql, members.list(sql, organizationId, query)),
                  members.count(sql, organizationId, query));
            });
  }

  private Member requireMember(
      DSLContext sql, Caller caller, Optional<String> id, Optional<String> slug) {
    return organizations
        .resolve(sql, caller, id, slug)
        .flatMap(organizationId -> members.find(sql, organizationId, caller.userId()))
        .orElseThrow(Refusal.YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION::forbidden);
  }

  /**
   * The role of a member.
   *
   * @param userId the caller if absent
   */
  String role(Caller caller, Optional<String> id, Optional<String> slug, Optional<String> userId) {
    return shared
        .database()
        .read(
            sql -> {
              Member own = requireMember(sql, caller, id, slug);
              return userId.isEmpty()
                  ? own.role()
                  : members
                      .find(sql, own.organizationId(), userId.get())
                      .map(Member::role)
                      .orElseThrow(Refusal.YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION::forbidden);
            });
  }
}
