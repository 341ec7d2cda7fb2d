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

/** Roles that organizations make: they decide what a caller may do, and nobody climbs by them. */
class RolesTest {
  @TempDir static Path directory;
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static TestServer server;
  private static Person ada;
  private static Person bob;
  private String organization = "";

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    TestPeople people = new TestPeople(server, directory);
    ada = people.signUp("ada");
    bob = people.signUp("bob");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void create() throws Exception {
    String slug = "roles-" + NUMBER.incrementAndGet();
    organization =
        ok(ada.organization("create", Json.object().put("name", slug).put("slug", slug)))
            .path("id")
            .asText();
  }

  private static ObjectNode role(String name, String permission) {
    ObjectNode body = Json.object().put("role", name);
    body.set("permission", Json.read(permission));
    return body;
  }

  private static boolean may(Person person, String permissions) throws Exception {
    ObjectNode body = Json.object();
    body.set("permissions", Json.read(permissions));
    JsonNode answer = ok(person.organization("has-permission", body));
    assertThat(answer.path("error").isNull()).isTrue();
    return answer.path("success").asBoolean();
  }

  @Test
  void whatARoleAllowsIsWhatItsMembersMay() throws Exception {
    JsonNode made = ok(ada.organization("create-role", role("Auditor", "{\"task\":[\"read\"]}")));
    assertThat(made.path("success").asBoolean()).isTrue();
    assertThat(made.path("roleData").path("role").asText()).isEqualTo("auditor");
    assertThat(made.path("roleData").path("permission").path("task").path(0).asText())
        .isEqualTo("read");
    Invitations.join(ada, bob, organization, "auditor");
    JsonNode me = ok(bob.get("/api/me"));
    assertThat(me.path("organizationId").asText()).isEqualTo(organization);
    assertThat(me.path("scopes").toString()).isEqualTo("[\"tasks:read\"]");
    assertThat(bob.get("/api/tasks").status()).isEqualTo(200);
    assertThat(bob.get("/api/queues").status()).isEqualTo(403);
    assertThat(may(bob, "{\"task\":[\"read\"]}")).isTrue();
    assertThat(may(bob, "{\"task\":[\"read\",\"write\"]}")).isFalse();
    ObjectNode change = Json.object().put("roleName", "auditor");
    change
        .putObject("data")
        .put("roleName", "Operator")
        .set("permission", Json.read("{\"queue\":[\"read\",\"operate\"],\"key\":[\"manage\"]}"));
    assertThat(ok(ada.organization("update-role", change)).path("roleData").path("role").asText())
        .isEqualTo("operator");
    assertThat(bob.get("/api/tasks").status()).isEqualTo(403);
    assertThat(bob.get("/api/queues").status()).isEqualTo(200);
    assertThat(ok(bob.organization("get-active-member")).path("role").asText())
        .isEqualTo("operator");
    String key = bob.post("/api/keys", Json.object().put("name", "k")).json().path("key").asText();
    TestClient program = new TestClient(server.mainstay().url(), key);
    assertThat(program.get("/api/queues").status()).isEqualTo(200);
    assertThat(program.get("/api/tasks").status()).isEqualTo(403);
    refused(
        ada.organization("delete-role", Json.object().put("roleName", "operator")),
        400,
        "ROLE_IS_ASSIGNED_TO_MEMBERS");
  }

  @Test
  void rolesAreListedAndDeleted() throws Exception {
    String id =
        ok(ada.organization("create-role", role("writer", "{\"task\":[\"write\"]}")))
            .path("roleData")
            .path("id")
            .asText();
    assertThat(ok(ada.organization("list-roles")).path(0).path("id").asText()).isEqualTo(id);
    assertThat(ok(ada.organization("get-role?roleId=" + id)).path("role").asText())
        .isEqualTo("writer");
    refused(ada.organization("get-role?roleName=none"), 400, "ROLE_NOT_FOUND");
    refused(ada.organization("get-role"), 400, "ROLE_NOT_FOUND");
    refused(
        ada.organization("delete-role", Json.object().put("roleName", "member")),
        400,
        "CANNOT_DELETE_A_PRE_DEFINED_ROLE");
    ok(ada.organization("delete-role", Json.object().put("roleId", id)));
    assertThat(ok(ada.organization("list-roles"))).isEmpty();
  }

  @Test
  void whatIsWrongIsSaid() throws Exception {
    for (String name : List.of("owner", "Member")) {
      refused(ada.organization("create-role", role(name, "{}")), 400, "ROLE_NAME_IS_ALREADY_TAKEN");
    }
    for (String name : List.of("a,owner", "", " a", "a\u0000")) {
      refused(ada.organization("create-role", role(name, "{}")), 400, "VALIDATION_ERROR");
    }
    for (String permission :
        List.of(
            "{\"planet\":[\"destroy\"]}", "{\"task\":[\"eat\"]}", "{\"organization\":[\"x:y\"]}")) {
      refused(ada.organization("create-role", role("a", permission)), 400, "INVALID_RESOURCE");
    }
    ok(ada.organization("create-role", role("a", "{}")));
    refused(ada.organization("create-role", role("A", "{}")), 400, "ROLE_NAME_IS_ALREADY_TAKEN");
  }

  @Test
  void nobodyClimbsByARole() throws Exception {
    ok(
        ada.organization(
            "create-role",
            role(
                "keeper",
                "{\"ac\":[\"create\",\"read\",\"update\"],\"member\":[\"update\"],\"invitation\":[\"create\"]}")));
    ok(ada.organization("create-role", role("strong", "{\"organization\":[\"delete\"]}")));
    String member = Invitations.join(ada, bob, organization, "keeper");
    refused(
        bob.organization("create-role", role("climb", "{\"task\":[\"read\"]}")),
        403,
        "YOU_ARE_NOT_ALLOWED_TO_CREATE_A_ROLE");
    ObjectNode change = Json.object().put("roleName", "keeper");
    change
        .putObject("data")
        .set("permission", Json.read("{\"ac\":[\"create\"],\"organization\":[\"delete\"]}"));
    refused(bob.organization("update-role", change), 403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_A_ROLE");
    for (String role : List.of("admin", "strong", "keeper,strong")) {
      refused(
          bob.organization(
              "update-member-role", Json.object().put("memberId", member).put("role", role)),
          403,
          "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER");
      refused(
          bob.organization(
              "invite-member", Json.object().put("email", "x@example.com").put("role", role)),
          403,
          "YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE");
    }
    refused(
        bob.organization("delete-role", Json.object().put("roleName", "strong")),
        403,
        "YOU_ARE_NOT_ALLOWED_TO_DELETE_A_ROLE");
    ok(bob.organization("create-role", role("small", "{\"ac\":[\"read\"]}")));
  }

  @Test
  void anAdministratorGivesNoRoleThatEndsTheOrganization() throws Exception {
    Invitations.join(ada, bob, organization, "admin");
    refused(
        bob.organization("create-role", role("end", "{\"organization\":[\"delete\"]}")),
        403,
        "YOU_ARE_NOT_ALLOWED_TO_CREATE_A_ROLE");
    ok(bob.organization("create-role", role("fine", "{\"organization\":[\"update\"]}")));
  }

  /** A role means what it means in its own organization. */
  @Test
  void anotherOrganizationsRoleIsNone() throws Exception {
    ok(ada.organization("create-role", role("local", "{\"task\":[\"read\"]}")));
    String slug = "roles-" + NUMBER.incrementAndGet();
    ok(ada.organization("create", Json.object().put("name", slug).put("slug", slug)));
    refused(
        ada.organization(
            "invite-member", Json.object().put("email", bob.email()).put("role", "local")),
        400,
        "ROLE_NOT_FOUND");
  }
}
