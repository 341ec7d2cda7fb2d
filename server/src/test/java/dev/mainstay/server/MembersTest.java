package dev.mainstay.server;

import static dev.mainstay.server.TestPeople.ok;
import static dev.mainstay.server.TestPeople.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.TestPeople.Person;
import dev.mainstay.server.platform.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members of organizations: their roles, their going, and the owner who always stays. */
@Timeout(120)
class MembersTest {
  @TempDir static Path directory;
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static TestServer server;
  private static TestPeople people;
  private static Person ada;
  private static Person bob;
  private static Person carl;
  private String organization = "";

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    people = new TestPeople(server, directory);
    ada = people.signUp("ada");
    bob = people.signUp("bob");
    carl = people.signUp("carl");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void create() throws Exception {
    String slug = "members-" + NUMBER.incrementAndGet();
    organization =
        ok(ada.organization("create", Json.object().put("name", slug).put("slug", slug)))
            .path("id")
            .asText();
  }

  private ObjectNode here() {
    return Json.object().put("organizationId", organization);
  }

  private TestClient.Answer setRole(Person caller, String member, String role) throws Exception {
    return caller.organization(
        "update-member-role", here().put("memberId", member).put("role", role));
  }

  private TestClient.Answer remove(Person caller, String member) throws Exception {
    return caller.organization("remove-member", here().put("memberIdOrEmail", member));
  }

  private String memberId(Person person) {
    return people.value(
        "select id from members where organization_id = '%s' and user_id = '%s'"
            .formatted(organization, person.id()));
  }

  private static String active(Person person) throws Exception {
    return ok(person.get("/api/auth/get-session"))
        .path("session")
        .path("activeOrganizationId")
        .asText();
  }

  @Test
  void membersAreListedAsAskedFor() throws Exception {
    Invitations.join(ada, bob, organization, "admin");
    Invitations.join(ada, carl, organization, "member");
    String list = "list-members?organizationId=" + organization;
    JsonNode all = ok(carl.organization(list + "&sortBy=createdAt&sortDirection=desc"));
    assertThat(all.path("total").asInt()).isEqualTo(3);
    assertThat(all.path("members").path(0).path("user").path("email").asText())
        .isEqualTo(carl.email());
    assertThat(
            ok(carl.organization(list + "&filterField=role&filterValue=admin"))
                .path("members")
                .path(0)
                .path("userId")
                .asText())
        .isEqualTo(bob.id());
    assertThat(
            ok(carl.organization(
                    list + "&filterField=role&filterOperator=in&filterValue=admin,owner"))
                .path("total")
                .asInt())
        .isEqualTo(2);
    assertThat(ok(carl.organization(list + "&limit=1&offset=1")).path("members")).hasSize(1);
    for (String wrong :
        List.of(
            "limit=0",
            "limit=201",
            "offset=-1",
            "sortBy=password",
            "sortDirection=up",
            "filterField=email",
            "filterField=role&filterOperator=like")) {
      refused(carl.organization(list + "&" + wrong), 400, "VALIDATION_ERROR");
    }
    assertThat(ok(bob.organization("get-active-member")).path("role").asText()).isEqualTo("admin");
    assertThat(
            ok(bob.organization("get-active-member-role?userId=" + ada.id())).path("role").asText())
        .isEqualTo("owner");
  }

  @Test
  void anAdminHasNoSayOverOwners() throws Exception {
    String admin = Invitations.join(ada, bob, organization, "admin");
    String member = Invitations.join(ada, carl, organization, "member");
    String owner = memberId(ada);
    refused(setRole(bob, admin, "owner"), 403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER");
    refused(setRole(bob, member, "owner"), 403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER");
    refused(setRole(bob, member, "member,owner"), 403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER");
    refused(setRole(bob, owner, "member"), 403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER");
    refused(remove(bob, owner), 400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER");
    refused(setRole(carl, member, "admin"), 403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER");
    refused(remove(carl, admin), 401, "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER");
    assertThat(ok(setRole(bob, member, "admin")).path("role").asText()).isEqualTo("admin");
    assertThat(ok(remove(bob, carl.email())).path("member").path("id").asText()).isEqualTo(member);
    refused(remove(bob, member), 400, "MEMBER_NOT_FOUND");
    refused(setRole(bob, "unknown", "member"), 400, "MEMBER_NOT_FOUND");
  }

  @Test
  void theLastOwnerStays() throws Exception {
    String owner = memberId(ada);
    refused(
        setRole(ada, owner, "admin"), 400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER");
    refused(
        ada.organization("leave", here()),
        400,
        "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER");
    refused(remove(ada, owner), 400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER");
    Invitations.join(ada, bob, organization, "owner");
    assertThat(
            Races.together(
                () -> ada.organization("leave", here()).status(),
                () -> bob.organization("leave", here()).status()))
        .containsExactlyInAnyOrder(200, 400);
    boolean adaLeft = memberId(ada).equals("null");
    Person left = adaLeft ? bob : ada;
    Person gone = adaLeft ? ada : bob;
    String back = Invitations.join(left, gone, organization, "owner");
    String stays = memberId(left);
    assertThat(
            Races.together(
                () -> setRole(left, back, "member").status(),
                () -> setRole(gone, stays, "member").status()))
        .contains(200)
        .containsAnyOf(400, 403);
    assertThat(
            people.value(
                "select count(*) from members where role = 'owner' and organization_id = '"
                    + organization
                    + "'"))
        .isEqualTo("1");
  }

  @Test
  void whoIsTakenOutHasNoKeysStreamsOrSessionsThereAnyMore() throws Exception {
    Person browser = people.signIn(carl.email());
    String own = active(browser);
    String member = Invitations.join(ada, browser, organization, "admin");
    assertThat(active(browser)).isEqualTo(organization);
    String key =
        browser.post("/api/keys", Json.object().put("name", "k")).json().path("key").asText();
    TestClient program = new TestClient(server.mainstay().url(), key);
    TestClient.Answer byKey =
        program.post("/api/auth/key", Json.object().put("key", key).toString());
    assertThat(program.post("/api/queues/q/jobs", "{\"name\":\"a\"}").status()).isLessThan(300);
    try (BufferedReader events = follow(browser, "/api/queues/q/events")) {
      ok(remove(ada, member));
      assertEndsSoon(events);
    }
    assertThat(program.get("/api/me").status()).isEqualTo(401);
    assertThat(program.send(program.request("/api/me").header("Cookie", byKey.cookie())).status())
        .isEqualTo(401);
    assertThat(active(browser)).isEqualTo(own);
    assertThat(browser.get("/api/queues/q/jobs/1").status()).isNotEqualTo(200);
    Invitations.join(ada, browser, organization, "admin");
    assertThat(program.get("/api/me").status()).isEqualTo(401);
  }

  /** A stream of which the first line has come. */
  private static BufferedReader follow(Person person, String path) throws Exception {
    HttpResponse<InputStream> answer =
        HTTP.send(
            person.request(path).header("Accept", "text/event-stream").build(),
            HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    assertThat(lines.readLine()).isNotNull();
    return lines;
  }

  private static void assertEndsSoon(BufferedReader lines) throws IOException {
    long before = System.nanoTime();
    String line = lines.readLine();
    while (line != null) {
      line = lines.readLine();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void aStreamEndsWhenItsUserMayReadItNoMore() throws Exception {
    ObjectNode role = here().put("role", "outside");
    role.putObject("permission").putArray("task").add("read");
    ok(ada.organization("create-role", role));
    String member = Invitations.join(ada, carl, organization, "member");
    carl.post("/api/queues/q/jobs", Json.object().put("name", "a"));
    try (BufferedReader events = follow(carl, "/api/queues/q/events")) {
      ok(setRole(ada, member, "admin"));
      assertThat(carl.post("/api/queues/q/jobs", Json.object().put("name", "b")).status())
          .isLessThan(300);
      ok(setRole(ada, member, "outside"));
      assertEndsSoon(events);
    }
    assertThat(carl.get("/api/queues/q/events").status()).isEqualTo(403);
  }

  /** What was opened in one organization shows nothing of it once the session acts in another. */
  @Test
  void aStreamEndsWhenItsSessionActsElsewhere() throws Exception {
    ada.post("/api/queues/q/jobs", Json.object().put("name", "a"));
    try (BufferedReader events = follow(ada, "/api/queues/q/events")) {
      ok(ada.organization("set-active", Json.object().putNull("organizationId")));
      assertEndsSoon(events);
    }
  }

  @Test
  void whoLeavesIsInTheirOwnOrganization() throws Exception {
    String own =
        ok(carl.organization("set-active", Json.object().putNull("organizationId")))
            .path("id")
            .asText();
    Invitations.join(ada, carl, organization, "member");
    JsonNode left = ok(carl.organization("leave", here()));
    assertThat(left.path("user").path("email").asText()).isEqualTo(carl.email());
    assertThat(active(carl)).isEqualTo(own);
    refused(carl.organization("leave", here()), 400, "MEMBER_NOT_FOUND");
    assertThat(
            people.value(
                "select count(*) from audit_log where action = 'member-left' and target_id = '"
                    + carl.id()
                    + "'"))
        .isEqualTo("1");
  }
}
