package dev.mainstay.server.organization;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/** Asking people to join. What they do then is {@link InvitationAnswers}'. */
final class InvitationService {
  static final Duration LIFE = Duration.ofDays(2);
  static final int MAX_TEAMS = 20;
  private static final int MAX_OPEN = 100;
  private static final int MAX_LISTED = 200;

  private final Shared shared;
  private final InvitationLimits limits;
  private final OrganizationLetters letters;
  private final OrganizationStore organizations = new OrganizationStore();
  private final MemberStore members = new MemberStore();
  private final InvitationStore invitations = new InvitationStore();
  private final TeamStore teams = new TeamStore();
  private final Roles roles = new Roles();

  InvitationService(Shared shared, InvitationLimits limits, OrganizationLetters letters) {
    this.shared = shared;
    this.limits = limits;
    this.letters = letters;
  }

  /**
   * What is offered.
   *
   * @param resend one that waits is sent again, as it is
   */
  record Offer(String organizationId, List<String> roles, List<String> teams, boolean resend) {}

  Invitation invite(Caller caller, Offer offer, String text) {
    String email = shared.users().address(text);
    requireMayInvite(caller, offer);
    limits.take(caller, offer.organizationId(), List.of(email));
    return shared.database().write(tx -> invite(tx, caller, lock(tx, caller, offer), offer, email));
  }

  /** What became of one address. */
  sealed interface Outcome {
    record Invited(Invitation invitation) implements Outcome {}

    record Refused(String email, ProblemException problem) implements Outcome {}
  }

  /** Invites each address for which it is possible. */
  List<Outcome> inviteAll(Caller caller, Offer offer, List<String> texts) {
    requireMayInvite(caller, offer);
    return shared
        .database()
        .write(
            tx -> {
              Membership own = lock(tx, caller, offer);
              return texts.stream().map(text -> outcome(tx, caller, own, offer, text)).toList();
            });
  }

  /** Everything is looked at before the first row is written: a refusal leaves nothing behind. */
  private Outcome outcome(Tx tx, Caller caller, Membership own, Offer offer, String text) {
    try {
      String email = shared.users().address(text);
      limits.take(caller, offer.organizationId(), List.of(email));
      return new Outcome.Invited(invite(tx, caller, own, offer, email));
    } catch (ProblemException e) {
      return new Outcome.Refused(text, e);
    }
  }

  /** Who may not invite does not use up what the organization may send. */
  private void requireMayInvite(Caller caller, Offer offer) {
    Membership unused =
        shared
            .database()
            .read(
                sql ->
                    allowed(
                        sql,
                        roles.membership(sql, offer.organizationId(), caller.userId()),
                        offer));
  }

  private Membership lock(Tx tx, Caller caller, Offer offer) {
    return allowed(tx.sql(), roles.lock(tx, offer.organizationId(), caller.userId()), offer);
  }

  private Membership allowed(DSLContext sql, Optional<Membership> membership, Offer offer) {
    Membership own = membership.orElseThrow(Refusal.MEMBER_NOT_FOUND::badRequest);
    own.require(
        Grants.CREATE_INVITATION,
        Refusal.YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION::forbidden);
    roles.requireKnown(sql, offer.organizationId(), offer.roles());
    if (!roles.mayGive(sql, own, offer.roles())) {
      throw Refusal.YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE.forbidden();
    }
    return own;
  }

  private Invitation invite(Tx tx, Caller caller, Membership own, Offer offer, String email) {
    DSLContext sql = tx.sql();
    String organizationId = offer.organizationId();
    if (shared
        .users()
        .byEmail(sql, email)
        .flatMap(person -> members.find(sql, organizationId, person.id()))
        .isPresent()) {
      throw Refusal.USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION.badRequest();
    }
    Instant now = shared.now();
    Optional<Invitation> open = invitations.open(sql, organizationId, email, now);
    if (open.isPresent()) {
      return resend(tx, caller, own, offer, open.get());
    }
    if (invitations.countOpen(sql, organizationId, now) >= MAX_OPEN) {
      throw Refusal.INVITATION_LIMIT_REACHED.forbidden();
    }
    for (String team : offer.teams()) {
      if (teams.byId(sql, organizationId, team).isEmpty()) {
        throw Refusal.TEAM_NOT_FOUND.badRequest();
      }
    }
    Invitation invitation =
        new Invitation(
            Ids.secret(),
            organizationId,
            email,
            String.join(",", offer.roles()),
            offer.teams().isEmpty() ? null : String.join(",", offer.teams()),
            Invitation.PENDING,
            caller.userId(),
            now,
            now.plus(LIFE));
    invitations.cancelExpired(tx, organizationId, email, now);
    invitations.insert(tx, invitation);
    send(tx, caller, invitation, "invitation-created");
    return invitation;
  }

  private Invitation resend(Tx tx, Caller caller, Membership own, Offer offer, Invitation open) {
    if (!offer.resend()) {
      throw Refusal.USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION.badRequest();
    }
    if (!roles.mayGive(tx.sql(), own, open.roles())) {
      throw Refusal.YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE.forbidden();
    }
    Invitation longer = open.until(shared.now().plus(LIFE));
    invitations.setExpiry(tx, longer.id(), longer.expiresAt());
    send(tx, caller, longer, "invitation-sent-again");
    return longer;
  }

  private void send(Tx tx, Caller caller, Invitation invitation, String action) {
    Organization organization =
        organizations
            .byId(tx.sql(), invitation.organizationId())
            .orElseThrow(Refusal.MEMBER_NOT_FOUND::badRequest);
    Users.Person inviter = shared.person(tx.sql(), caller);
    letters.invitation(tx, invitation, organization, inviter);
    audit(tx, caller, invitation, action);
  }

  /** The id is the secret of the link, so the address stands for it. */
  private void audit(Tx tx, Caller caller, Invitation invitation, String action) {
    shared
        .audit()
        .record(
            tx,
            caller
                .act(action, invitation.organizationId())
                .detail(invitation.email() + " as " + invitation.role()));
  }

  /** Takes an invitation back. */
  Invitation cancel(Caller caller, String id) {
    return shared
        .database()
        .write(
            tx -> {
              String organizationId =
                  invitations
                      .byId(tx.sql(), id)
                      .map(Invitation::organizationId)
                      .orElseThrow(Refusal.INVITATION_NOT_FOUND::badRequest);
              Membership own =
                  roles
                      .lock(tx, organizationId, caller.userId())
                      .orElseThrow(Refusal.INVITATION_NOT_FOUND::badRequest);
              own.require(
                  Grants.CANCEL_INVITATION,
                  Refusal.YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION::forbidden);
              Invitation invitation =
                  invitations
                      .byId(tx.sql(), id)
                      .filter(one -> one.status().equals(Invitation.PENDING))
                      .orElseThrow(Refusal.INVITATION_NOT_FOUND::badRequest);
              if (!invitation.inviterId().equals(caller.userId())
                  && !roles.mayGive(tx.sql(), own, invitation.roles())) {
                throw Refusal.YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION.forbidden();
              }
              invitations.setStatus(tx, id, Invitation.CANCELED);
              audit(tx, caller, invitation, "invitation-canceled");
              return invitation.with(Invitation.CANCELED);
            });
  }

  /** The newest of an organization. */
  List<Invitation> list(Caller caller, String organizationId) {
    Membership own =
        shared
            .database()
            .read(sql -> roles.membership(sql, organizationId, caller.userId()))
            .orElseThrow(Refusal.YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION::forbidden);
    own.require(
        Grants.CREATE_INVITATION, Refusal.YOU_ARE_NOT_ALLOWED_TO_LIST_INVITATIONS::forbidden);
    return visible(own);
  }

  /** An id is a link: only those see it who can make one. */
  List<Invitation> visible(Membership own) {
    if (!own.may(Grants.CREATE_INVITATION)) {
      return List.of();
    }
    return shared
        .database()
        .read(sql -> invitations.list(sql, own.member().organizationId(), MAX_LISTED))
        .stream()
        .filter(invitation -> own.member().isOwner() || !invitation.offersOwnership())
        .toList();
  }
}
