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
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Better Auth's endpoints of organizations: making, changing, ending them; where sessions act. */
class OrganizationTest {
  @TempDir static Path directory;
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static TestServer server;
  private static TestPeople people;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    people = new TestPeople(server, directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Person somebody() throws Exception {
    return people.signUp("org" + NUMBER.incrementAndGet());
  }

  private static ObjectNode named(String slug) {
    return Json.object().put("name", "Name of " + slug).put("slug", slug);
  }

  private static ObjectNode id(String organization) {
    return Json.object().put("organizationId", organization);
  }

  private static String create(Person person, String slug) throws Exception {
    return ok(person.organization("create", named(slug))).path("id").asText();
  }

  private static String active(Person person) throws Exception {
    return ok(person.get("/api/auth/get-session"))
        .path("session")
        .path("activeOrganizationId")
        .asText();
  }

  private static List<String> ids(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(one -> one.path("id").asText())
        .toList();
  }

  @Test
  void anOrganizationIsMadeAndActive() throws Exception {
    Person ada = somebody();
    ObjectNode body = named("made").put("logo", "https://example.com/logo.png");
    body.putObject("metadata").put("plan", "free").put("nul", "a\0b");
    JsonNode made = ok(ada.organization("create", body));
    String id = made.path("id").asText();
    assertThat(made.path("slug").asText()).isEqualTo("made");
    assertThat(made.path("metadata").path("plan").asText()).isEqualTo("free");
    assertThat(made.path("members").path(0).path("role").asText()).isEqualTo("owner");
    assertThat(made.path("members").path(0).path("userId").asText()).isEqualTo(ada.id());
    assertThat(active(ada)).isEqualTo(id);
    assertThat(ok(ada.get("/api/me")).path("organizationId").asText()).isEqualTo(id);
    JsonNode full = ok(ada.organization("get-full-organization"));
    assertThat(full.path("id").asText()).isEqualTo(id);
    assertThat(full.path("members").path(0).path("user").path("email").asText())
        .isEqualTo(ada.email());
    assertThat(full.path("teams").path(0).path("name").asText()).isEqualTo("Name of made");
    assertThat(full.path("invitations")).isEmpty();
    assertThat(ok(ada.get("/api/auth/get-session")).path("session").path("activeTeamId").asText())
        .isEqualTo(full.path("teams").path(0).path("id").asText());
    String other = create(ada, "made-2");
    JsonNode list = ok(ada.organization("list"));
    assertThat(ids(list)).hasSize(3).contains(id, other);
    assertThat(ok(ada.organization("get-organization?organizationSlug=made")).path("id").asText())
        .isEqualTo(id);
    ok(ada.organization("create", named("made-3").put("keepCurrentActiveOrganization", true)));
    assertThat(active(ada)).isEqualTo(other);
  }

  @Test
  void whatIsWrongWithAnInputIsSaid() throws Exception {
    Person ada = somebody();
    for (String body :
        List.of(
            "{}",
            "{\"name\":\"a\",\"slug\":\"With Space\"}",
            "{\"name\":\"a\",\"slug\":\"../x\"}",
            "{\"name\":\"\",\"slug\":\"a\"}",
            "{\"name\":\"a\",\"slug\":\"a\",\"logo\":\"javascript:alert(1)\"}",
            "{\"name\":\"a\",\"slug\":\"a\",\"userId\":\"other\"}",
            "{\"name\":\"a\",\"slug\":\"a\",\"metadata\":{\"a\":\"" + "x".repeat(17000) + "\"}}",
            "{\"name\":\"" + "x".repeat(101) + "\",\"slug\":\"a\"}")) {
      refused(ada.organization("create", Json.read(body)), 400, "VALIDATION_ERROR");
    }
  }

  @Test
  void aSlugIsTakenOnce() throws Exception {
    Person ada = somebody();
    Person bob = somebody();
    String id = create(ada, "taken");
    refused(bob.organization("create", named("taken")), 400, "ORGANIZATION_ALREADY_EXISTS");
    refused(
        bob.organization("check-slug", Json.object().put("slug", "taken")),
        400,
        "ORGANIZATION_SLUG_ALREADY_TAKEN");
    assertThat(
            ok(bob.organization("check-slug", Json.object().put("slug", "not-taken")))
                .path("status")
                .asBoolean())
        .isTrue();
    create(bob, "taken-2");
    ObjectNode change = Json.object();
    change.putObject("data").put("slug", "taken");
    refused(bob.organization("update", change), 400, "ORGANIZATION_SLUG_ALREADY_TAKEN");
    List<Integer> statuses =
        Races.together(
            () -> ada.organization("create", named("raced")).status(),
            () -> bob.organization("create", named("raced")).status());
    assertThat(statuses).containsExactlyInAnyOrder(200, 400);
    ok(ada.organization("delete", id(id)));
    create(bob, "taken");
  }

  @Test
  void whatIsGivenIsChanged() throws Exception {
    Person ada = somebody();
    create(ada, "change");
    ObjectNode body = Json.object();
    body.putObject("data").put("name", "Other").put("logo", "https://example.com/a.png");
    JsonNode changed = ok(ada.organization("update", body));
    assertThat(changed.path("name").asText()).isEqualTo("Other");
    assertThat(changed.path("slug").asText()).isEqualTo("change");
    assertThat(changed.path("logo").asText()).isEqualTo("https://example.com/a.png");
    ObjectNode logo = Json.object();
    logo.putObject("data").putNull("logo");
    assertThat(ok(ada.organization("update", logo)).path("logo").isNull()).isTrue();
    logo.putObject("data").put("logo", "file:///x");
    refused(ada.organization("update", logo), 400, "VALIDATION_ERROR");
  }

  /** What is not there is answered as what is not one's own. */
  @Test
  void othersOrganizationsAreNotReached() throws Exception {
    Person ada = somebody();
    Person eve = somebody();
    String id = create(ada, "private");
    for (String organization : List.of(id, "unknown")) {
      for (Map.Entry<String, String> one :
          Map.of(
                  "get-organization", "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
                  "get-full-organization", "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
                  "list-members", "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION",
                  "get-active-member-role", "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION",
                  "list-invitations", "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION",
                  "list-teams", "YOU_ARE_NOT_ALLOWED_TO_ACCESS_THIS_ORGANIZATION",
                  "list-roles", "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION",
                  "list-domains", "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION",
                  "list-membership-requests", "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION")
              .entrySet()) {
        refused(
            eve.organization(one.getKey() + "?organizationId=" + organization),
            403,
            one.getValue());
      }
      refused(
          eve.organization("set-active", id(organization)),
          403,
          "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION");
      refused(
          eve.organization("delete", id(organization)),
          400,
          "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION");
      refused(eve.organization("leave", id(organization)), 400, "MEMBER_NOT_FOUND");
      ObjectNode update = id(organization);
      update.putObject("data").put("name", "Eve's");
      refused(eve.organization("update", update), 400, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION");
      refused(
          eve.organization(
              "invite-member", id(organization).put("email", eve.email()).put("role", "owner")),
          400,
          "MEMBER_NOT_FOUND");
      refused(
          eve.organization("create-team", id(organization).put("name", "x")),
          403,
          "YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION");
    }
    for (String slug : List.of("private", "unknown")) {
      refused(
          eve.organization("get-organization?organizationSlug=" + slug),
          403,
          "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION");
    }
    assertThat(active(eve)).isNotEqualTo(id);
  }

  @Test
  void nullMakesTheOwnOrganizationActive() throws Exception {
    Person ada = somebody();
    String own = active(ada);
    String id = create(ada, "active");
    assertThat(
            ok(ada.organization("set-active", Json.object().putNull("organizationId")))
                .path("id")
                .asText())
        .isEqualTo(own);
    assertThat(active(ada)).isEqualTo(own);
    assertThat(ok(ada.organization("set-active", Json.object())).path("id").asText())
        .isEqualTo(own);
    ok(ada.organization("set-active", Json.object().put("organizationSlug", "active")));
    assertThat(active(ada)).isEqualTo(id);
  }

  @Test
  void whatIsNoNameOfAnOrganizationOrTeamIsRefused() throws Exception {
    Person ada = somebody();
    for (String wrong : List.of("5", "true", "[]", "{}", "\"a\\u0000\"")) {
      JsonNode value = Json.read(wrong);
      refused(
          ada.organization("set-active", Json.object().set("organizationId", value)),
          400,
          "VALIDATION_ERROR");
      refused(
          ada.organization("set-active-team", Json.object().set("teamId", value)),
          400,
          "VALIDATION_ERROR");
      ObjectNode change = Json.object();
      change.putObject("data").set("logo", value);
      refused(ada.organization("update", change), 400, "VALIDATION_ERROR");
      refused(
          ada.organization(
              "invite-member",
              Json.object().put("email", "x@example.com").<ObjectNode>set("role", value)),
          400,
          "VALIDATION_ERROR");
    }
  }

  @Test
  void theOwnOrganizationIsNeitherLeftNorDeleted() throws Exception {
    Person ada = somebody();
    Person bob = somebody();
    String own = active(ada);
    refused(ada.organization("delete", id(own)), 403, "YOU_CANNOT_DELETE_YOUR_OWN_ORGANIZATION");
    refused(
        ada.organization("leave", id(own)),
        400,
        "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER");
    Invitations.join(ada, bob, own, "owner");
    refused(ada.organization("leave", id(own)), 400, "YOU_CANNOT_LEAVE_YOUR_OWN_ORGANIZATION");
    refused(
        bob.organization("remove-member", id(own).put("memberIdOrEmail", ada.email())),
        400,
        "YOU_CANNOT_LEAVE_YOUR_OWN_ORGANIZATION");
    refused(bob.organization("delete", id(own)), 403, "YOU_CANNOT_DELETE_YOUR_OWN_ORGANIZATION");
  }

  @Test
  void whatIsDeletedIsReachedByNobody() throws Exception {
    Person ada = somebody();
    Person bob = somebody();
    Person eve = somebody();
    String own = active(bob);
    String id = create(ada, "deleted");
    Invitations.join(ada, bob, id, "admin");
    assertThat(active(bob)).isEqualTo(id);
    String key = bob.post("/api/keys", Json.object().put("name", "k")).json().path("key").asText();
    TestClient program = new TestClient(server.mainstay().url(), key);
    assertThat(program.post("/api/queues/q/jobs", "{\"name\":\"a\"}").status()).isBetween(200, 201);
    String open = Invitations.invite(ada, eve.email(), id, "member");
    refused(
        bob.organization("delete", id(id)), 403, "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION");
    assertThat(ok(ada.organization("delete", id(id))).path("id").asText()).isEqualTo(id);
    assertThat(program.get("/api/me").status()).isEqualTo(401);
    assertThat(active(bob)).isEqualTo(own);
    assertThat(ids(ok(bob.organization("list")))).containsExactly(own);
    refused(
        ada.organization("get-organization?organizationId=" + id),
        403,
        "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION");
    refused(
        eve.organization("accept-invitation", Json.object().put("invitationId", open)),
        400,
        "INVITATION_NOT_FOUND");
    refused(ada.organization("delete", id(id)), 400, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION");
    assertThat(
            people.value(
                "select count(*) from audit_log where organization_id = '"
                    + id
                    + "' and action = 'organization-deleted'"))
        .isEqualTo("1");
  }

  @Test
  void whereNobodyIsLeftNothingIsLeft() throws Exception {
    Person ada = somebody();
    Person bob = somebody();
    String shared = create(ada, "shared");
    Invitations.join(ada, bob, shared, "member");
    ObjectNode password = Json.object().put("password", TestPeople.PASSWORD);
    assertThat(ada.post("/api/auth/delete-user", password).status()).isEqualTo(409);
    ok(ada.organization("remove-member", id(shared).put("memberIdOrEmail", bob.email())));
    ok(ada.post("/api/auth/delete-user", password));
    assertThat(create(bob, "shared")).isNotEqualTo(shared);
  }

  @Test
  void aProgramsKeyHasNoSay() throws Exception {
    assertThat(server.client().get("/api/auth/organization/list").status()).isEqualTo(403);
    assertThat(
            server.client().post("/api/auth/organization/create", named("key").toString()).status())
        .isEqualTo(403);
  }
}
