package dev.mainstay.server;

import static dev.mainstay.server.TestPeople.ok;
import static dev.mainstay.server.TestPeople.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.TestPeople.Person;
import dev.mainstay.server.platform.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Teams of organizations. */
class TeamsTest {
  @TempDir static Path directory;
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static TestServer server;
  private static TestPeople people;
  private static Person ada;
  private static Person bob;
  private String organization = "";

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    people = new TestPeople(server, directory);
    ada = people.signUp("ada");
    bob = people.signUp("bob");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void create() throws Exception {
    String slug = "teams-" + NUMBER.incrementAndGet();
    organization =
        ok(ada.organization("create", Json.object().put("name", slug).put("slug", slug)))
            .path("id")
            .asText();
  }

  private static String team(String name) throws Exception {
    return ok(ada.organization("create-team", Json.object().put("name", name))).path("id").asText();
  }

  private static ObjectNode teamAndUser(String team, Person person) {
    return Json.object().put("teamId", team).put("userId", person.id());
  }

  private static String activeTeam(Person person) throws Exception {
    return ok(person.get("/api/auth/get-session")).path("session").path("activeTeamId").asText();
  }

  @Test
  void teamsAreMadeChangedAndRemovedButTheLastOne() throws Exception {
    String first = ok(ada.organization("list-teams")).path(0).path("id").asText();
    assertThat(activeTeam(ada)).isEqualTo(first);
    String team = team("Red");
    ObjectNode change = Json.object().put("teamId", team);
    change.putObject("data").put("name", "Blue");
    assertThat(ok(ada.organization("update-team", change)).path("name").asText()).isEqualTo("Blue");
    refused(
        ada.organization("remove-team", Json.object().put("teamId", first)),
        403,
        "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_TEAM");
    assertThat(
            ok(ada.organization("remove-team", Json.object().put("teamId", team)))
                .path("message")
                .asText())
        .isEqualTo("Team removed successfully.");
    assertThat(ok(ada.organization("set-active-team", Json.object().putNull("teamId"))).isNull())
        .isTrue();
    refused(
        ada.organization("remove-team", Json.object().put("teamId", first)),
        400,
        "UNABLE_TO_REMOVE_LAST_TEAM");
    refused(
        ada.organization("remove-team", Json.object().put("teamId", team)), 400, "TEAM_NOT_FOUND");
  }

  @Test
  void whoIsInvitedToATeamIsInIt() throws Exception {
    String team = team("Red");
    String gone = team("Gone");
    ObjectNode body = Json.object().put("email", bob.email()).put("role", "member");
    body.putArray("teamId").add(team).add(gone);
    String invitation = ok(ada.organization("invite-member", body)).path("id").asText();
    ok(ada.organization("remove-team", Json.object().put("teamId", gone)));
    ok(Invitations.accept(bob, invitation));
    assertThat(activeTeam(bob)).isEqualTo(team);
    assertThat(
            ok(bob.organization("list-user-teams?organizationId=" + organization))
                .path(0)
                .path("id")
                .asText())
        .isEqualTo(team);
    JsonNode members = ok(bob.organization("list-team-members"));
    assertThat(members).hasSize(1);
    assertThat(members.path(0).path("userId").asText()).isEqualTo(bob.id());
    refused(
        ada.organization(
            "invite-member",
            Json.object().put("email", "x@example.com").put("role", "member").put("teamId", gone)),
        400,
        "TEAM_NOT_FOUND");
    ok(bob.organization("leave", Json.object().put("organizationId", organization)));
    assertThat(people.value("select count(*) from team_members where team_id = '" + team + "'"))
        .isEqualTo("0");
    assertThat(activeTeam(bob)).isEqualTo("null");
  }

  @Test
  void membersComeAndGo() throws Exception {
    String team = team("Red");
    refused(
        ada.organization("add-team-member", teamAndUser(team, bob)),
        400,
        "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION");
    Invitations.join(ada, bob, organization, "member");
    refused(
        bob.organization("set-active-team", Json.object().put("teamId", team)),
        403,
        "USER_IS_NOT_A_MEMBER_OF_THE_TEAM");
    refused(
        bob.organization("list-team-members?teamId=" + team),
        400,
        "USER_IS_NOT_A_MEMBER_OF_THE_TEAM");
    // Who may put members into it sees who is in it.
    assertThat(ok(ada.organization("list-team-members?teamId=" + team))).isEmpty();
    refused(
        bob.organization("add-team-member", teamAndUser(team, bob)),
        403,
        "YOU_ARE_NOT_ALLOWED_TO_CREATE_A_NEW_TEAM_MEMBER");
    refused(
        bob.organization("create-team", Json.object().put("name", "x")),
        403,
        "YOU_ARE_NOT_ALLOWED_TO_CREATE_TEAMS_IN_THIS_ORGANIZATION");
    JsonNode added = ok(ada.organization("add-team-member", teamAndUser(team, bob)));
    assertThat(ok(ada.organization("add-team-member", teamAndUser(team, bob)))).isEqualTo(added);
    assertThat(
            ok(bob.organization("set-active-team", Json.object().put("teamId", team)))
                .path("id")
                .asText())
        .isEqualTo(team);
    assertThat(ok(ada.organization("list-user-teams?userId=" + bob.id()))).hasSize(1);
    ok(ada.organization("remove-team-member", teamAndUser(team, bob)));
    assertThat(activeTeam(bob)).isEqualTo("null");
    refused(
        ada.organization("remove-team-member", teamAndUser(team, bob)),
        400,
        "USER_IS_NOT_A_MEMBER_OF_THE_TEAM");
  }

  @Test
  void anotherOrganizationsTeamIsNotReached() throws Exception {
    String team = team("Red");
    String slug = "bobs-" + NUMBER.incrementAndGet();
    ok(bob.organization("create", Json.object().put("name", slug).put("slug", slug)));
    ObjectNode change = Json.object().put("teamId", team);
    change.putObject("data").put("name", "Bob's");
    for (String id : List.of(team, "unknown")) {
      refused(bob.organization("update-team", change.put("teamId", id)), 400, "TEAM_NOT_FOUND");
      refused(
          bob.organization("remove-team", Json.object().put("teamId", id)), 400, "TEAM_NOT_FOUND");
      refused(
          bob.organization("set-active-team", Json.object().put("teamId", id)),
          400,
          "TEAM_NOT_FOUND");
      refused(bob.organization("add-team-member", teamAndUser(id, bob)), 400, "TEAM_NOT_FOUND");
      refused(bob.organization("list-team-members?teamId=" + id), 400, "TEAM_NOT_FOUND");
    }
  }
}
