package dev.mainstay.server;

import static dev.mainstay.server.TestPeople.ok;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.TestPeople.Person;
import dev.mainstay.server.platform.Json;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request names the organization in which it acts: two tabs, two organizations. */
@Timeout(120)
class RequestOrganizationTest {
  private static final String HEADER = "X-Organization-Id";

  @TempDir static Path directory;
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static TestServer server;
  private static TestPeople people;
  private static Person ada;
  private static Person bob;
  private String slug = "";
  private String first = "";
  private String second = "";

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

  /** Two organizations of Ada's; her session acts in the second. */
  @BeforeEach
  void create() throws Exception {
    int number = NUMBER.incrementAndGet();
    slug = "first-" + number;
    first = organization(ada, slug);
    second = organization(ada, "second-" + number);
  }

  private static String organization(Person person, String slug) throws Exception {
    ObjectNode body = Json.object().put("name", slug).put("slug", slug);
    return ok(person.organization("create", body)).path("id").asText();
  }

  private static TestClient.Answer get(Person person, String path, String... headers)
      throws Exception {
    var request = person.request(path).GET();
    return person.http().send(headers.length == 0 ? request : request.headers(headers));
  }

  private static TestClient.Answer add(Person person, String queue, String organization)
      throws Exception {
    return person
        .http()
        .post(
            "/api/queues/" + queue + "/jobs",
            "{\"name\": \"a\"}",
            "Cookie",
            person.cookie(),
            HEADER,
            organization);
  }

  private static List<String> queues(Person person, String... headers) throws Exception {
    JsonNode items = ok(get(person, "/api/queues", headers)).path("items");
    return StreamSupport.stream(items.spliterator(), false)
        .map(queue -> queue.path("name").asText())
        .toList();
  }

  @Test
  void eachRequestReadsAndWritesWhereItSays() throws Exception {
    assertThat(add(ada, "in-first", first).status()).isEqualTo(201);
    assertThat(add(ada, "in-second", second).status()).isEqualTo(201);
    assertThat(queues(ada, HEADER, slug)).containsExactly("in-first");
    assertThat(queues(ada, HEADER, " " + first + " ")).containsExactly("in-first");
    assertThat(queues(ada, HEADER, second)).containsExactly("in-second");
    assertThat(queues(ada)).containsExactly("in-second");
    assertThat(ok(get(ada, "/api/queues?organizationId=" + slug)).path("items")).hasSize(1);
    // What a session has active is as it was.
    assertThat(
            ok(ada.get("/api/auth/get-session"))
                .path("session")
                .path("activeOrganizationId")
                .asText())
        .isEqualTo(second);
    assertThat(
            ok(get(ada, "/api/auth/organization/get-full-organization", HEADER, slug))
                .path("id")
                .asText())
        .isEqualTo(first);
  }

  @Test
  void theRoleIsTheOneThere() throws Exception {
    people.execute(
        "insert into members (id, organization_id, user_id, role, created_at) values ('m%d', '%s', '%s', 'member', 0)"
            .formatted(NUMBER.incrementAndGet(), first, bob.id()));
    String own = organization(bob, "bobs-" + NUMBER.incrementAndGet());
    assertThat(get(bob, "/api/queues", HEADER, first).status()).isEqualTo(200);
    String retention = "/api/keys";
    assertThat(get(bob, retention, HEADER, own).status()).isEqualTo(200);
    assertThat(get(bob, retention, HEADER, first).status()).isEqualTo(403);
    assertThat(get(bob, retention).status()).as("as the owner of the active one").isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no-such-slug",
        "00000000-0000-7000-8000-000000000000",
        "FIRST",
        "*",
        "../x",
        "first%2d1",
        "1' or '1'='1"
      })
  void whatTheCallerIsNotInIsRefused(String organization) throws Exception {
    assertNotMember(get(ada, "/api/queues", HEADER, organization));
    assertNotMember(add(ada, "q", organization));
  }

  private static void assertNotMember(TestClient.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(403);
    assertThat(answer.json().path("type").asText()).endsWith("not-a-member");
  }

  @Test
  void strangersRemovedAndDeletedAreRefusedAlike() throws Exception {
    String there = get(bob, "/api/queues", HEADER, first).body();
    assertNotMember(get(bob, "/api/queues", HEADER, first));
    assertNotMember(get(bob, "/api/queues", HEADER, slug));
    assertThat(there).isEqualTo(get(bob, "/api/queues", HEADER, "no-such-slug").body());
    ok(ada.organization("delete", Json.object().put("organizationId", first)));
    assertNotMember(get(ada, "/api/queues", HEADER, first));
    assertNotMember(get(ada, "/api/queues", HEADER, slug));
  }

  /** Else whoever takes another's id for a slug would be sent what was meant for the other. */
  @Test
  void aSlugNeverStandsInForAnId() throws Exception {
    String id = "0f0f0f0f-0f0f-7f0f-8f0f-" + "%012d".formatted(NUMBER.incrementAndGet());
    people.execute("update organizations set slug = '" + id + "' where id = '" + first + "'");
    assertNotMember(get(ada, "/api/queues", HEADER, id));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   "})
  void anEmptyNameIsAnError(String organization) throws Exception {
    TestClient.Answer answer = get(ada, "/api/queues", HEADER, organization);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("errors").path(0).path("field").asText()).isEqualTo(HEADER);
  }

  @Test
  void namesThatDifferOrAreTooLongAreErrors() throws Exception {
    assertThat(get(ada, "/api/queues?organizationId=" + second, HEADER, first).status())
        .isEqualTo(400);
    assertThat(get(ada, "/api/queues", HEADER, "a".repeat(201)).status()).isEqualTo(400);
    assertThat(get(ada, "/api/queues?organizationId=").status()).isEqualTo(400);
    assertThat(get(ada, "/api/queues?organizationId=a%00b").status()).isEqualTo(400);
  }

  @Test
  void noNameGivesWhatTheCredentialDoesNot() throws Exception {
    TestClient nobody = new TestClient(server.mainstay().url(), "");
    assertThat(nobody.send(nobody.request("/api/queues").header(HEADER, first).GET()).status())
        .isEqualTo(401);
    // Endpoints for everybody do not ask for an organization.
    assertThat(
            nobody.send(nobody.request("/api/auth/get-session").header(HEADER, "x").GET()).status())
        .isEqualTo(200);
  }

  @Test
  void aPersonsKeyActsWhereThePersonIsAndAnOrganizationsKeyInItsOwn() throws Exception {
    ObjectNode body = Json.object().put("name", "mine");
    TestClient mine =
        new TestClient(
            server.mainstay().url(),
            ok(ada.post("/api/auth/api-key/create", body)).path("key").asText());
    ObjectNode owned =
        Json.object()
            .put("name", "its")
            .put("configId", "organization")
            .put("organizationId", second);
    TestClient its =
        new TestClient(
            server.mainstay().url(),
            ok(ada.post("/api/auth/api-key/create", owned)).path("key").asText());
    assertThat(add(ada, "in-first", first).status()).isEqualTo(201);
    assertThat(by(mine, slug).json().path("items")).hasSize(1);
    assertThat(by(mine, second).json().path("items")).isEmpty();
    assertThat(by(its, second).status()).isEqualTo(200);
    assertThat(by(its, "second-" + slug.substring("first-".length())).status()).isEqualTo(200);
    assertNotMember(by(its, first));
    assertNotMember(by(its, slug));
  }

  private static TestClient.Answer by(TestClient client, String organization) throws Exception {
    return client.send(client.request("/api/queues").header(HEADER, organization).GET());
  }

  @Test
  void aStreamFollowsTheOrganizationThatItNamedAndEndsWithTheMembership() throws Exception {
    assertThat(add(ada, "mail", first).status()).isEqualTo(201);
    people.execute(
        "insert into members (id, organization_id, user_id, role, created_at) values ('m%d', '%s', '%s', 'admin', 0)"
            .formatted(NUMBER.incrementAndGet(), first, bob.id()));
    HttpClient http = HttpClient.newHttpClient();
    try (BufferedReader stream = events(http, bob, Optional.of(first));
        BufferedReader active = events(http, ada, Optional.of(first))) {
      String ended = stream.readLine();
      assertThat(active.readLine()).isNotNull();
      // Ada's session acts elsewhere, which is no matter to a stream that named its organization.
      ok(ada.organization("set-active", Json.object().put("organizationId", second)));
      people.execute(
          "delete from members where user_id = '"
              + bob.id()
              + "' and organization_id = '"
              + first
              + "'");
      while (ended != null) {
        ended = stream.readLine();
      }
      assertThat(add(ada, "mail", first).status()).isEqualTo(201);
      assertThat(active.readLine()).isNotNull();
    } finally {
      http.shutdownNow();
    }
  }

  private static BufferedReader events(
      HttpClient http, Person person, Optional<String> organization) throws Exception {
    var request = person.request("/api/queues/mail/events").header("Accept", "text/event-stream");
    organization.ifPresent(id -> request.header(HEADER, id));
    var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
  }

  @Test
  void aSocketNamesItInItsQuery() throws Exception {
    assertThat(socket("?organizationId=" + slug)).isEqualTo(101);
    assertThat(socket("?organizationId=" + second)).isEqualTo(101);
    assertThat(socket("?organizationId=no-such-slug")).isEqualTo(403);
    assertThat(socket("?organizationId=")).isEqualTo(400);
  }

  private static int socket(String query) throws Exception {
    try (java.net.Socket socket =
        new java.net.Socket("localhost", server.mainstay().url().getPort())) {
      String upgrade =
          """
          GET /ws%s HTTP/1.1
          Host: localhost
          Upgrade: websocket
          Connection: Upgrade
          Sec-WebSocket-Version: 13
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
          Cookie: %s

          """
              .formatted(query, ada.cookie())
              .replace("\n", "\r\n");
      socket.getOutputStream().write(upgrade.getBytes(StandardCharsets.US_ASCII));
      String line =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      return Integer.parseInt(line.split(" ", -1)[1]);
    }
  }
}
