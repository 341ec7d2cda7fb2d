package dev.mainstay.server.organization;

import static dev.mainstay.server.organization.OrganizationEndpoints.MAX_ID;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.JsonSchema;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import dev.mainstay.server.platform.http.Principal;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Better Auth's endpoints of invitations, and one for many at once. */
final class InvitationEndpoints {
  private static final int MAX_EMAIL = 254;
  private static final int MAX_EMAILS = 50;

  private final InvitationService invitations;
  private final InvitationAnswers answers;
  private final Consumer<Principal> requireFresh;

  /**
   * @param requireFresh refuses a session whose user has not signed in lately
   */
  InvitationEndpoints(
      InvitationService invitations, InvitationAnswers answers, Consumer<Principal> requireFresh) {
    this.invitations = invitations;
    this.answers = answers;
    this.requireFresh = requireFresh;
  }

  /**
   * Whom to invite.
   *
   * @param role one, several with commas, or a list
   * @param resend send one that waits again, which else is refused
   * @param teamId one, or a list of at most 20
   */
  public record InviteMember(
      @NotBlank @Size(max = MAX_EMAIL) String email,
      @NotNull @JsonSchema(OneOrManyTexts.SCHEMA) JsonNode role,
      @Nullable @Size(max = MAX_ID) String organizationId,
      @Nullable Boolean resend,
      @Nullable @JsonSchema(OneOrManyTexts.SCHEMA) JsonNode teamId) {}

  /** As {@link InviteMember}, for at most 50 addresses. */
  public record InviteMembers(
      @NotNull @Size(min = 1, max = MAX_EMAILS)
          List<@NotBlank @Size(max = MAX_EMAIL) String> emails,
      @NotNull @JsonSchema(OneOrManyTexts.SCHEMA) JsonNode role,
      @Nullable @Size(max = MAX_ID) String organizationId,
      @Nullable Boolean resend,
      @Nullable @JsonSchema(OneOrManyTexts.SCHEMA) JsonNode teamId) {}

  /**
   * What became of an address: it has an invitation, or there is a reason why not.
   *
   * @param code as of an error
   */
  public record InvitationResult(
      String email,
      @Nullable Invitation invitation,
      @Nullable String code,
      @Nullable String message) {}

  /** An invitation. */
  public record InvitationId(@NotBlank @Size(max = MAX_ID) String invitationId) {}

  /** An invitation that was accepted. */
  public record AcceptedInvitation(Invitation invitation, MemberView member) {}

  /** An invitation that was rejected, and no member. */
  public record RejectedInvitation(
      Invitation invitation, @Nullable @JsonInclude MemberView member) {}

  /** An invitation as its recipient sees it. */
  @JsonInclude
  public record ReceivedInvitation(
      String id,
      String organizationId,
      String email,
      String role,
      @Nullable String teamId,
      String status,
      String inviterId,
      Instant createdAt,
      Instant expiresAt,
      String organizationName,
      String organizationSlug,
      @Nullable String inviterEmail) {}

  /** An invitation in the list of those that somebody has got. */
  @JsonInclude
  public record ListedInvitation(
      String id,
      String organizationId,
      String email,
      String role,
      @Nullable String teamId,
      String status,
      String inviterId,
      Instant createdAt,
      Instant expiresAt,
      String organizationName) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/api/auth/organization/invite-member",
                Permission.ACCOUNT,
                "Ask somebody to join",
                InviteMember.class)
            .answers(200, Invitation.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION_TO_STRENGTHEN)
            .handle(this::invite),
        Endpoint.post(
                "/api/auth/organization/invite-members",
                Permission.ACCOUNT,
                "Ask up to 50 people to join",
                InviteMembers.class)
            .answersList(InvitationResult.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION_TO_STRENGTHEN)
            .handle(this::inviteAll),
        Endpoint.post(
                "/api/auth/organization/accept-invitation",
                Permission.ACCOUNT,
                "Join",
                InvitationId.class)
            .answers(200, AcceptedInvitation.class)
            .handle(
                call -> {
                  InvitationAnswers.Accepted accepted =
                      answers.accept(Caller.of(call), call.body().invitationId());
                  return Answer.json(
                      new AcceptedInvitation(
                          accepted.invitation(), MemberView.of(accepted.member())));
                }),
        Endpoint.post(
                "/api/auth/organization/reject-invitation",
                Permission.ACCOUNT,
                "Do not join",
                InvitationId.class)
            .answers(200, RejectedInvitation.class)
            .handle(
                call ->
                    Answer.json(
                        new RejectedInvitation(
                            answers.reject(Caller.of(call), call.body().invitationId()), null))),
        Endpoint.post(
                "/api/auth/organization/cancel-invitation",
                Permission.ACCOUNT,
                "Take an invitation back",
                InvitationId.class)
            .answers(200, Invitation.class)
            .handle(
                call ->
                    Answer.json(invitations.cancel(Caller.of(call), call.body().invitationId()))),
        Endpoint.get(
                "/api/auth/organization/get-invitation", Permission.ACCOUNT, "An invitation to me")
            .query("id", "string", "The link's id")
            .answers(200, ReceivedInvitation.class)
            .handle(this::get),
        Endpoint.get(
                "/api/auth/organization/list-invitations",
                Permission.ACCOUNT,
                "The invitations of one of my organizations, the newest first, 200 at most")
            .query("organizationId", "string", "Its id; the active one if absent")
            .answersList(Invitation.class)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  return Answer.json(
                      invitations.list(caller, caller.organization(call.query("organizationId"))));
                }),
        Endpoint.get(
                "/api/auth/organization/list-user-invitations",
                Permission.ACCOUNT,
                "The invitations that I can accept")
            .answersList(ListedInvitation.class)
            .handle(
                call ->
                    Answer.json(
                        answers.mine(Caller.of(call)).entrySet().stream()
                            .map(entry -> listed(entry.getKey(), entry.getValue()))
                            .toList())));
  }

  private static InvitationService.Offer offer(
      Caller caller,
      @Nullable String organizationId,
      JsonNode role,
      @Nullable JsonNode teamId,
      @Nullable Boolean resend) {
    return new InvitationService.Offer(
        caller.organization(organizationId),
        Roles.parse(role),
        OneOrManyTexts.parse("teamId", teamId, InvitationService.MAX_TEAMS).stream()
            .distinct()
            .toList(),
        Boolean.TRUE.equals(resend));
  }

  private Answer invite(Call<InviteMember> call) {
    Caller caller = Caller.of(call);
    InviteMember body = call.body();
    InvitationService.Offer offer =
        offer(caller, body.organizationId(), body.role(), body.teamId(), body.resend());
    requireFreshFor(offer, call.principal());
    return Answer.json(invitations.invite(caller, offer, body.email()));
  }

  private Answer inviteAll(Call<InviteMembers> call) {
    Caller caller = Caller.of(call);
    InviteMembers body = call.body();
    InvitationService.Offer offer =
        offer(caller, body.organizationId(), body.role(), body.teamId(), body.resend());
    requireFreshFor(offer, call.principal());
    return Answer.json(
        invitations.inviteAll(caller, offer, body.emails()).stream()
            .map(InvitationEndpoints::result)
            .toList());
  }

  /** Whoever comes as more than a member could let in others: an old session must not do that. */
  private void requireFreshFor(InvitationService.Offer offer, Principal principal) {
    if (!offer.roles().equals(List.of(BuiltInRole.MEMBER.id()))) {
      requireFresh.accept(principal);
    }
  }

  private static InvitationResult result(InvitationService.Outcome outcome) {
    return switch (outcome) {
      case InvitationService.Outcome.Invited invited ->
          new InvitationResult(invited.invitation().email(), invited.invitation(), null, null);
      case InvitationService.Outcome.Refused refused ->
          new InvitationResult(
              refused.email(),
              null,
              refused.problem().problem().code(),
              refused.problem().problem().detail());
    };
  }

  private Answer get(Call<None> call) {
    String id = call.query("id").orElseThrow(() -> ProblemException.badRequest("id", "is missing"));
    InvitationAnswers.Seen seen = answers.get(Caller.of(call), id);
    Invitation invitation = seen.invitation();
    return Answer.json(
        new ReceivedInvitation(
            invitation.id(),
            invitation.organizationId(),
            invitation.email(),
            invitation.role(),
            invitation.teamId(),
            invitation.status(),
            invitation.inviterId(),
            invitation.createdAt(),
            invitation.expiresAt(),
            seen.organization().name(),
            seen.organization().slug(),
            seen.inviterEmail().orElse(null)));
  }

  private static ListedInvitation listed(Invitation invitation, String organizationName) {
    return new ListedInvitation(
        invitation.id(),
        invitation.organizationId(),
        invitation.email(),
        invitation.role(),
        invitation.teamId(),
        invitation.status(),
        invitation.inviterId(),
        invitation.createdAt(),
        invitation.expiresAt(),
        organizationName);
  }
}
