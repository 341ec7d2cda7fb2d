package dev.mainstay.server.organization;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What those do who are asked to join. The link counts only with the address that it was sent to.
 */
final class InvitationAnswers {
  private static final int MAX_LISTED = 200;

  private final Shared shared;
  private final OrganizationStore organizations = new OrganizationStore();
  private final MemberStore members = new MemberStore();
  private final InvitationStore invitations = new InvitationStore();
  private final TeamStore teams = new TeamStore();
  private final Roles roles = new Roles();
  private final Joining joining = new Joining();

  InvitationAnswers(Shared shared) {
    this.shared = shared;
  }

  /** Somebody has joined. */
  record Accepted(Invitation invitation, Member member) {}

  /** The caller joins, and the session acts in the organization from now on. */
  Accepted accept(Caller caller, String id) {
    return shared
        .database()
        .write(
            tx -> {
              Users.Person person = shared.lock(tx, caller);
              Invitation invitation = lock(tx, id);
              if (!invitation.isOpen(shared.now())) {
                throw Refusal.INVITATION_NOT_FOUND.badRequest();
              }
              requireRecipient(
                  person,
                  invitation,
                  Refusal.EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION);
              requireStillOffered(tx, invitation);
              Member member = join(tx, invitation, person);
              List<String> joined = invitation.teams();
              shared
                  .active()
                  .activate(
                      tx,
                      caller.sessionId(),
                      member.organizationId(),
                      joined.size() == 1 ? Optional.of(joined.getFirst()) : Optional.empty());
              audit(tx, caller, invitation, "invitation-accepted");
              return new Accepted(invitation.with(Invitation.ACCEPTED), member);
            });
  }

  private Invitation lock(Tx tx, String id) {
    String organizationId =
        invitations
            .byId(tx.sql(), id)
            .map(Invitation::organizationId)
            .orElseThrow(Refusal.INVITATION_NOT_FOUND::badRequest);
    members.lock(tx, organizationId);
    return invitations
        .byId(tx.sql(), id)
        .filter(invitation -> invitation.status().equals(Invitation.PENDING))
        .orElseThrow(Refusal.INVITATION_NOT_FOUND::badRequest);
  }

  private static void requireRecipient(
      Users.Person person, Invitation invitation, Refusal notVerified) {
    if (!person.email().equals(Optional.of(invitation.email()))) {
      throw Refusal.YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION.forbidden();
    }
    if (!person.emailVerified()) {
      throw notVerified.forbidden();
    }
  }

  /** What somebody may not offer any more, who was taken out or lost a role, is not given. */
  private void requireStillOffered(Tx tx, Invitation invitation) {
    Membership inviter =
        roles
            .membership(tx.sql(), invitation.organizationId(), invitation.inviterId())
            .orElseThrow(Refusal.INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION::badRequest);
    roles.requireKnown(tx.sql(), invitation.organizationId(), invitation.roles());
    if (!inviter.may(Grants.CREATE_INVITATION)
        || !roles.mayGive(tx.sql(), inviter, invitation.roles())) {
      throw Refusal.INVITATION_NOT_FOUND.badRequest();
    }
  }

  private Member join(Tx tx, Invitation invitation, Users.Person person) {
    Instant now = shared.now();
    String organizationId = invitation.organizationId();
    Member member = joining.join(tx, organizationId, person.id(), invitation.role(), now);
    for (String team : invitation.teams()) {
      if (teams.byId(tx.sql(), organizationId, team).isEmpty()) {
        throw Refusal.TEAM_NOT_FOUND.badRequest();
      }
      teams.insertMember(tx, organizationId, new TeamMember(Ids.next(), team, person.id(), now));
    }
    invitations.setStatus(tx, invitation.id(), Invitation.ACCEPTED);
    return member;
  }

  private void audit(Tx tx, Caller caller, Invitation invitation, String action) {
    shared
        .audit()
        .record(
            tx,
            caller
                .act(action, invitation.organizationId())
                .target("user", caller.userId())
                .detail("as " + invitation.role()));
  }

  Invitation reject(Caller caller, String id) {
    return shared
        .database()
        .write(
            tx -> {
              Users.Person person = shared.lock(tx, caller);
              Invitation invitation = lock(tx, id);
              requireRecipient(
                  person,
                  invitation,
                  Refusal.EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION);
              invitations.setStatus(tx, id, Invitation.REJECTED);
              audit(tx, caller, invitation, "invitation-rejected");
              return invitation.with(Invitation.REJECTED);
            });
  }

  /** An invitation with what its recipient wants to know. */
  record Seen(Invitation invitation, Organization organization, Optional<String> inviterEmail) {}

  Seen get(Caller caller, String id) {
    return shared
        .database()
        .read(
            sql -> {
              Invitation invitation =
                  invitations
                      .byId(sql, id)
                      .filter(one -> one.isOpen(shared.now()))
                      .orElseThrow(Refusal.INVITATION_NOT_FOUND::badRequest);
              Map<String, Users.Person> people =
                  shared.users().byIds(sql, Set.of(caller.userId(), invitation.inviterId()));
              requireRecipient(
                  Optional.ofNullable(people.get(caller.userId()))
                      .orElseThrow(ProblemException::unauthorized),
                  invitation,
                  Refusal.EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION);
              if (members
                  .find(sql, invitation.organizationId(), invitation.inviterId())
                  .isEmpty()) {
                throw Refusal.INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION.badRequest();
              }
              return new Seen(
                  invitation,
                  organizations
                      .byId(sql, invitation.organizationId())
                      .orElseThrow(Refusal.INVITATION_NOT_FOUND::badRequest),
                  Optional.ofNullable(people.get(invitation.inviterId()))
                      .flatMap(Users.Person::email));
            });
  }

  /** Those that the caller can accept, with the organizations' names. */
  Map<Invitation, String> mine(Caller caller) {
    return shared
        .database()
        .read(
            sql -> {
              Users.Person person = shared.person(sql, caller);
              if (!person.emailVerified()) {
                throw Refusal.EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION.forbidden();
              }
              List<Invitation> open =
                  invitations.openTo(sql, person.email().orElse(""), shared.now(), MAX_LISTED);
              Map<String, String> names =
                  organizations.names(
                      sql,
                      open.stream().map(Invitation::organizationId).collect(Collectors.toSet()));
              Map<Invitation, String> mine = new LinkedHashMap<>();
              open.forEach(
                  invitation ->
                      mine.put(invitation, names.getOrDefault(invitation.organizationId(), "")));
              return mine;
            });
  }
}
