package dev.mainstay.server.organization;

import static dev.mainstay.server.organization.OrganizationEndpoints.MAX_ID;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.JsonSchema;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Better Auth's endpoints of members. */
final class MemberEndpoints {
  private final MemberService members;

  MemberEndpoints(MemberService members) {
    this.members = members;
  }

  /**
   * Who is to go.
   *
   * @param memberIdOrEmail the id of the membership, or the user's address
   */
  public record RemoveMember(
      @NotBlank @Size(max = 254) String memberIdOrEmail,
      @Nullable @Size(max = MAX_ID) String organizationId) {}

  /** Who has gone. */
  public record RemovedMember(MemberView member) {}

  /**
   * The roles that a member is to have.
   *
   * @param role one, several with commas, or a list
   */
  public record UpdateMemberRole(
      @NotNull @JsonSchema(OneOrManyTexts.SCHEMA) JsonNode role,
      @NotBlank @Size(max = MAX_ID) String memberId,
      @Nullable @Size(max = MAX_ID) String organizationId) {}

  /**
   * Members.
   *
   * @param total how many there are in all
   */
  public record MemberList(List<MemberView> members, int total) {}

  /** The role of a member: one or several with commas. */
  public record MemberRole(String role) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/api/auth/organization/remove-member",
                Permission.ACCOUNT,
                "Take somebody out of an organization",
                RemoveMember.class)
            .answers(200, RemovedMember.class)
            .handle(this::remove),
        Endpoint.post(
                "/api/auth/organization/update-member-role",
                Permission.ACCOUNT,
                "Give a member other roles",
                UpdateMemberRole.class)
            .answers(200, MemberView.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(this::setRole),
        Endpoint.post(
                "/api/auth/organization/leave",
                Permission.ACCOUNT,
                "Leave an organization that is not my own",
                OrganizationEndpoints.OrganizationId.class)
            .answers(200, MemberView.class)
            .handle(
                call -> Answer.json(members.leave(Caller.of(call), call.body().organizationId()))),
        Endpoint.get(
                "/api/auth/organization/list-members",
                Permission.ACCOUNT,
                "The members of one of my organizations")
            .query("organizationId", "string", "Its id; the active one if absent")
            .query("organizationSlug", "string", "Its slug, in the place of the id")
            .query("limit", "integer", "How many, 1 to 200; default 100")
            .query("offset", "integer", "How many to pass over")
            .query("sortBy", "string", "id, userId, role or createdAt")
            .query("sortDirection", "string", "asc or desc")
            .query("filterField", "string", "id, userId or role")
            .query(
                "filterOperator", "string", "eq, ne, in, not_in, contains, starts_with, ends_with")
            .query("filterValue", "string", "What to compare with; several with commas")
            .answers(200, MemberList.class)
            .handle(this::list),
        Endpoint.get(
                "/api/auth/organization/get-active-member",
                Permission.ACCOUNT,
                "Myself as a member of the active organization")
            .answers(200, MemberView.class)
            .handle(call -> Answer.json(members.active(Caller.of(call)))),
        Endpoint.get(
                "/api/auth/organization/get-active-member-role",
                Permission.ACCOUNT,
                "My role, or another member's, in one of my organizations")
            .query("userId", "string", "Whose; my own if absent")
            .query("organizationId", "string", "Its id; the active one if absent")
            .query("organizationSlug", "string", "Its slug, in the place of the id")
            .answers(200, MemberRole.class)
            .handle(
                call ->
                    Answer.json(
                        new MemberRole(
                            members.role(
                                Caller.of(call),
                                call.query("organizationId"),
                                call.query("organizationSlug"),
                                call.query("userId"))))));
  }

  private Answer remove(Call<RemoveMember> call) {
    Caller caller = Caller.of(call);
    return Answer.json(
        new RemovedMember(
            members.remove(
                caller,
                caller.organization(call.body().organizationId()),
                call.body().memberIdOrEmail())));
  }

  private Answer setRole(Call<UpdateMemberRole> call) {
    Caller caller = Caller.of(call);
    return Answer.json(
        MemberView.of(
            members.setRoles(
                caller,
                caller.organization(call.body().organizationId()),
                call.body().memberId(),
                Roles.parse(call.body().role()))));
  }

  private Answer list(Call<None> call) {
    MemberService.Listed listed =
        members.list(
            Caller.of(call),
            call.query("organizationId"),
            call.query("organizationSlug"),
            MemberQuery.of(call));
    return Answer.json(new MemberList(listed.members(), listed.total()));
  }
}
