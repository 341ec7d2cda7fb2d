package dev.mainstay.server;

import static dev.mainstay.server.TestPeople.ok;
import static dev.mainstay.server.TestPeople.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.TestPeople.Person;
import dev.mainstay.server.platform.Json;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who cannot give something cannot make it stronger, nor take it away. */
class WeakRolesTest {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @TempDir static Path directory;
  private static TestServer server;
  private static TestPeople people;
  private static Person owner;
  private static Person weak;
  private static Person strong;
  private String organization = "";

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    people = new TestPeople(server, directory);
    owner = people.signUp("owner");
    weak = people.signUp("weak");
    strong = people.signUp("strong");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void create() throws Exception {
    String slug = "weak-" + NUMBER.incrementAndGet();
    organization =
        ok(owner.organization("create", Json.object().put("name", slug).put("slug", slug)))
            .path("id")
            .asText();
    role("janitor", "{\"member\":[\"update\",\"delete\"],\"invitation\":[\"create\",\"cancel\"]}");
    role("keyholder", "{\"key\":[\"manage\"]}");
    role("editor", "{\"ac\":[\"read\",\"update\",\"delete\"]}");
    role("mighty", "{\"task\":[\"read\",\"write\"]}");
  }

  private void role(String name, String permission) throws Exception {
    ObjectNode body = Json.object().put("role", name).put("organizationId", organization);
    body.set("permission", Json.read(permission));
    JsonNode unused = ok(owner.organization("create-role", body));
  }

  private String join(Person person, String role) throws Exception {
    return Invitations.join(owner, person, organization, role);
  }

  private void setRole(Person caller, String member, String role, int status) throws Exception {
    TestClient.Answer answer =
        caller.organization("update-member-role", here().put("memberId", member).put("role", role));
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
  }

  private ObjectNode here() {
    return Json.object().put("organizationId", organization);
  }

  @ParameterizedTest
  @ValueSource(strings = {"admin", "member", "mighty", "owner", "janitor,mighty"})
  void aWeakRoleStripsNoStrongOne(String role) throws Exception {
    join(weak, "janitor");
    String member = join(strong, role);
    setRole(weak, member, "janitor", 403);
    TestClient.Answer removed =
        weak.organization("remove-member", here().put("memberIdOrEmail", member));
    assertThat(removed.status()).as(removed.body()).isIn(400, 401);
    setRole(owner, member, "janitor", 200);
    setRole(weak, member, "janitor", 200);
    assertThat(ok(weak.organization("remove-member", here().put("memberIdOrEmail", member))))
        .isNotNull();
  }

  @Test
  void aWeakRoleNarrowsAndDeletesNoStrongOne() throws Exception {
    join(weak, "editor");
    for (String data :
        new String[] {"{\"permission\":{\"task\":[]}}", "{\"roleName\":\"other\"}"}) {
      ObjectNode change = here().put("roleName", "mighty");
      change.set("data", Json.read(data));
      refused(
          weak.organization("update-role", change), 403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_A_ROLE");
    }
    refused(
        weak.organization("delete-role", here().put("roleName", "mighty")),
        403,
        "YOU_ARE_NOT_ALLOWED_TO_DELETE_A_ROLE");
  }

  @Test
  void aWeakRoleTakesNoStrongInvitationBack() throws Exception {
    join(weak, "janitor");
    String invited = Invitations.invite(owner, "somebody@example.org", organization, "admin");
    refused(
        weak.organization("cancel-invitation", Json.object().put("invitationId", invited)),
        403,
        "YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION");
  }

  @Test
  void anInvitationDoesNotOutliveTheRightOfWhoSentIt() throws Exception {
    String member = join(strong, "admin");
    String invited = Invitations.invite(strong, weak.email(), organization, "mighty");
    setRole(owner, member, "janitor", 200);
    refused(Invitations.accept(weak, invited), 400, "INVITATION_NOT_FOUND");
    setRole(owner, member, "admin", 200);
    ok(owner.organization("remove-member", here().put("memberIdOrEmail", member)));
    refused(
        Invitations.accept(weak, invited),
        400,
        "INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION");
  }

  @Test
  void anInvitationToARoleThatWasWidenedGivesOnlyWhatItsSenderMayGive() throws Exception {
    join(strong, "janitor,keyholder");
    role("small", "{\"key\":[\"manage\"]}");
    String invited = Invitations.invite(strong, weak.email(), organization, "small");
    ObjectNode wider = here().put("roleName", "small");
    wider.set("data", Json.read("{\"permission\":{\"task\":[\"read\",\"write\"]}}"));
    ok(owner.organization("update-role", wider));
    refused(Invitations.accept(weak, invited), 400, "INVITATION_NOT_FOUND");
  }

  private JsonNode key(ObjectNode more) throws Exception {
    ObjectNode body = here().put("configId", "organization").put("name", "k");
    body.setAll(more);
    body.putObject("permissions").putArray("queues").add("write");
    return ok(strong.post("/api/auth/api-key/create", body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"enabled\":true}",
        "{\"expiresIn\":null}",
        "{\"expiresIn\":8640000}",
        "{\"remaining\":1000}",
        "{\"refillAmount\":100,\"refillInterval\":1000}",
        "{\"rateLimitEnabled\":false}",
        "{\"rateLimitMax\":1000}",
        "{\"rateLimitTimeWindow\":1000}",
        "{\"permissions\":{\"queues\":[\"write\",\"read\"]}}"
      })
  void aKeyIsMadeStrongerOnlyByWhoCouldMakeIt(String change) throws Exception {
    String member = join(strong, "admin");
    ObjectNode limits =
        (ObjectNode)
            Json.read(
                "{\"expiresIn\":864000,\"remaining\":10,\"rateLimitEnabled\":true,"
                    + "\"rateLimitMax\":5,\"rateLimitTimeWindow\":60000}");
    String id = key(limits).path("id").asText();
    ObjectNode off = Json.object().put("keyId", id).put("enabled", false);
    ok(owner.post("/api/auth/api-key/update", off));
    setRole(owner, member, "keyholder", 200);
    ObjectNode stronger = (ObjectNode) Json.read(change);
    TestClient.Answer answer = strong.post("/api/auth/api-key/update", stronger.put("keyId", id));
    assertThat(answer.status()).as(answer.body()).isEqualTo(403);
    // Weaker, and its name: whoever manages keys may do that.
    for (String weaker :
        new String[] {
          "{\"name\":\"n\"}",
          "{\"remaining\":5}",
          "{\"rateLimitMax\":2}",
          "{\"rateLimitTimeWindow\":120000}",
          "{\"expiresIn\":86400}"
        }) {
      ObjectNode body = (ObjectNode) Json.read(weaker);
      ok(strong.post("/api/auth/api-key/update", body.put("keyId", id)));
    }
    ok(owner.post("/api/auth/api-key/update", stronger));
  }

  @Test
  void keysOfWhoIsTakenOutEnd() throws Exception {
    String member = join(strong, "admin");
    String own =
        strong.post("/api/keys", Json.object().put("name", "own")).json().path("key").asText();
    TestClient program = new TestClient(server.mainstay().url(), own);
    assertThat(program.get("/api/tasks").status()).isEqualTo(200);
    ok(owner.organization("remove-member", here().put("memberIdOrEmail", member)));
    assertThat(program.get("/api/tasks").status()).isEqualTo(401);
  }
}
