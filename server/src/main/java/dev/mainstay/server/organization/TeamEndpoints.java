package dev.mainstay.server.organization;

import static dev.mainstay.server.organization.OrganizationEndpoints.MAX_ID;
import static dev.mainstay.server.organization.OrganizationEndpoints.MAX_NAME;
import static dev.mainstay.server.organization.OrganizationEndpoints.NULLABLE_TEXT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.mainstay.server.platform.JsonSchema;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Better Auth's endpoints of teams. */
final class TeamEndpoints {
  private final TeamService teams;

  TeamEndpoints(TeamService teams) {
    this.teams = teams;
  }

  /** A team to make. */
  public record CreateTeam(
      @NotBlank @Size(max = MAX_NAME) String name,
      @Nullable @Size(max = MAX_ID) String organizationId) {}

  /** What to change; what is absent stays. */
  public record TeamChange(
      @Nullable @Size(min = 1, max = MAX_NAME) String name,
      @Nullable @Size(max = MAX_ID) String organizationId) {}

  /** Changes a team. */
  public record UpdateTeam(
      @NotBlank @Size(max = MAX_ID) String teamId, @NotNull @Valid TeamChange data) {}

  /** A team of an organization. */
  public record RemoveTeam(
      @NotBlank @Size(max = MAX_ID) String teamId,
      @Nullable @Size(max = MAX_ID) String organizationId) {}

  /**
   * The team that the session is to have active.
   *
   * @param teamId null for none
   */
  public record SetActiveTeam(@Nullable @JsonSchema(NULLABLE_TEXT) JsonNode teamId) {}

  /** Somebody, and a team of an organization in which they are. */
  public record TeamAndUser(
      @NotBlank @Size(max = MAX_ID) String teamId,
      @NotBlank @Size(max = MAX_ID) String userId,
      @Nullable @Size(max = MAX_ID) String organizationId) {}

  /** What was done. */
  public record TeamMessage(String message) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/api/auth/organization/create-team",
                Permission.ACCOUNT,
                "Make a team",
                CreateTeam.class)
            .answers(200, Team.class)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  return Answer.json(
                      teams.create(
                          caller,
                          caller.organization(call.body().organizationId()),
                          call.body().name()));
                }),
        Endpoint.post(
                "/api/auth/organization/update-team",
                Permission.ACCOUNT,
                "Change a team",
                UpdateTeam.class)
            .answers(200, Team.class)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  TeamChange change = call.body().data();
                  return Answer.json(
                      teams.update(
                          caller,
                          caller.organization(change.organizationId()),
                          call.body().teamId(),
                          change.name()));
                }),
        Endpoint.post(
                "/api/auth/organization/remove-team",
                Permission.ACCOUNT,
                "Remove a team that is not the last one",
                RemoveTeam.class)
            .answers(200, TeamMessage.class)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  teams.remove(
                      caller,
                      caller.organization(call.body().organizationId()),
                      call.body().teamId());
                  return Answer.json(new TeamMessage("Team removed successfully."));
                }),
        Endpoint.get(
                "/api/auth/organization/list-teams",
                Permission.ACCOUNT,
                "The teams of one of my organizations")
            .query("organizationId", "string", "Its id; the active one if absent")
            .answersList(Team.class)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  return Answer.json(
                      teams.list(caller, caller.organization(call.query("organizationId"))));
                }),
        Endpoint.post(
                "/api/auth/organization/set-active-team",
                Permission.ACCOUNT,
                "Say which team of the active organization is active",
                SetActiveTeam.class)
            .answers(200, Team.class)
            .handle(this::setActive),
        Endpoint.get(
                "/api/auth/organization/list-user-teams",
                Permission.ACCOUNT,
                "The teams that I am in, or another member")
            .query("userId", "string", "Who; myself if absent")
            .query("organizationId", "string", "Of this organization alone")
            .answersList(Team.class)
            .handle(
                call ->
                    Answer.json(
                        teams.ofUser(
                            Caller.of(call), call.query("userId"), call.query("organizationId")))),
        Endpoint.get(
                "/api/auth/organization/list-team-members",
                Permission.ACCOUNT,
                "The members of a team that I am in, or may put members into")
            .query("teamId", "string", "Its id; the active one if absent")
            .answersList(TeamMember.class)
            .handle(call -> Answer.json(teams.members(Caller.of(call), call.query("teamId")))),
        Endpoint.post(
                "/api/auth/organization/add-team-member",
                Permission.ACCOUNT,
                "Put a member into a team",
                TeamAndUser.class)
            .answers(200, TeamMember.class)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  TeamAndUser body = call.body();
                  return Answer.json(
                      teams.add(
                          caller,
                          caller.organization(body.organizationId()),
                          body.teamId(),
                          body.userId()));
                }),
        Endpoint.post(
                "/api/auth/organization/remove-team-member",
                Permission.ACCOUNT,
                "Take a member out of a team",
                TeamAndUser.class)
            .answers(200, TeamMessage.class)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  TeamAndUser body = call.body();
                  teams.removeMember(
                      caller,
                      caller.organization(body.organizationId()),
                      body.teamId(),
                      body.userId());
                  return Answer.json(new TeamMessage("Team member removed successfully."));
                }));
  }

  private Answer setActive(Call<SetActiveTeam> call) {
    Caller caller = Caller.of(call);
    JsonNode id = call.body().teamId();
    if (id != null && id.isNull()) {
      teams.deactivate(caller);
      return Answer.json(NullNode.getInstance());
    }
    Optional<String> wanted =
        id == null ? teams.active(caller) : Optional.of(OneOrManyTexts.one("teamId", id));
    return wanted
        .<Answer>map(team -> Answer.json(teams.activate(caller, team)))
        .orElseGet(() -> Answer.json(NullNode.getInstance()));
  }
}
