package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A second look at the organization of a request, with the eyes of somebody who is in another. */
class SecondLookOrganizationTest {
  private static final String HEADER = "X-Organization-Id";
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @TempDir static Path directory;
  private static TestServer server;
  private static TestPeople people;
  private static TestPeople.Person mallory;
  private static TestPeople.Person victim;

  /** Mallory's, in which the session acts, and the victim's. */
  private String own = "";

  private String theirs = "";
  private String slug = "";

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    people = new TestPeople(server, directory);
    mallory = people.signUp("mallory");
    victim = people.signUp("victim");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void create() throws Exception {
    int number = NUMBER.incrementAndGet();
    slug = "theirs-" + number;
    own = organization(mallory, "own-" + number);
    theirs = organization(victim, slug);
  }

  private static String organization(TestPeople.Person person, String slug) throws Exception {
    return TestPeople.ok(
            person.organization("create", Json.object().put("name", slug).put("slug", slug)))
        .path("id")
        .asText();
  }

  private static TestClient.Answer get(TestPeople.Person person, String path, String... headers)
      throws Exception {
    var request = person.request(path).GET();
    return person.http().send(headers.length == 0 ? request : request.headers(headers));
  }

  private static TestClient.Answer post(
      TestPeople.Person person, String path, JsonNode body, String... headers) throws Exception {
    List<String> all = new ArrayList<>(List.of("Cookie", person.cookie()));
    all.addAll(Arrays.asList(headers));
    return person.http().post(path, body.toString(), all.toArray(String[]::new));
  }

  private static TestClient.Answer byKey(String key, String path, String... headers)
      throws Exception {
    TestClient client = new TestClient(server.mainstay().url(), key);
    return client.send(client.request(path).GET().headers(headers));
  }

  private String secondOwn() throws Exception {
    return organization(mallory, "second-" + NUMBER.incrementAndGet());
  }

  @Test
  void twoHeadersThatDifferAreRefusedWhicheverComesFirst() throws Exception {
    String other = secondOwn();
    for (List<String> pair :
        List.of(List.of(own, other), List.of(own, theirs), List.of(theirs, own))) {
      TestClient.Answer answer =
          get(mallory, "/api/queues", HEADER, pair.getFirst(), HEADER, pair.getLast());
      assertThat(answer.status()).as(answer.body()).isEqualTo(400);
      assertThat(answer.json().path("errors").path(0).path("field").asText()).isEqualTo(HEADER);
    }
    assertThat(get(mallory, "/api/queues", HEADER, own, HEADER, own).status()).isEqualTo(200);
    assertThat(
            get(mallory, "/api/queues", HEADER, own, HEADER.toLowerCase(Locale.ROOT), theirs)
                .status())
        .isEqualTo(400);
  }

  @Test
  void twoParametersThatDifferAreRefusedToo() throws Exception {
    String query = "/api/queues?organizationId=%s&organizationId=%s";
    for (String path : List.of(query.formatted(own, theirs), query.formatted(theirs, own))) {
      assertThat(get(mallory, path).status()).isEqualTo(400);
    }
    assertThat(get(mallory, query.formatted(own, own)).status()).isEqualTo(200);
    assertThat(get(mallory, "/api/queues?organizationId=" + own, HEADER, theirs).status())
        .isEqualTo(400);
  }

  /** Ways to write the victim's organization in a request of Mallory's. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ID",
        "SLUG",
        " ID ",
        "OWN,ID",
        "OWN ID",
        "OWN;ID",
        "ID,OWN",
        "OWN/../ID",
        "ID/",
        "%",
        "*",
        "SLUG' or '1'='1",
        "urn:uuid:ID",
        "{ID}",
        "UPPER"
      })
  void noSpellingNamesAnOrganizationOfOthers(String form) throws Exception {
    String text =
        form.replace("OWN", own)
            .replace("UPPER", theirs.toUpperCase(Locale.ROOT))
            .replace("ID", theirs)
            .replace("SLUG", slug);
    assertThat(get(mallory, "/api/queues", HEADER, text).status()).isEqualTo(403);
    assertThat(get(mallory, "/api/tasks", HEADER, text).status()).isEqualTo(403);
    assertThat(post(mallory, "/api/keys", Json.object().put("name", "k"), HEADER, text).status())
        .isEqualTo(403);
  }

  @Test
  void aSlugThatIsAnotherOrganizationsIdStandsForNothing() throws Exception {
    TestClient.Answer made =
        mallory.organization("create", Json.object().put("name", "x").put("slug", theirs));
    if (made.status() == 200) {
      assertThat(get(mallory, "/api/queues", HEADER, theirs).status()).isEqualTo(403);
      assertThat(get(victim, "/api/queues", HEADER, theirs).status()).isEqualTo(200);
    } else {
      assertThat(made.status()).isEqualTo(400);
    }
  }

  @Test
  void anOrganizationsKeyActsNowhereElseThoughItsMakerCould() throws Exception {
    String other = secondOwn();
    String key =
        TestPeople.ok(
                mallory.post(
                    "/api/auth/api-key/create",
                    Json.object()
                        .put("name", "ci")
                        .put("configId", "organization")
                        .put("organizationId", own)))
            .path("key")
            .asText();
    assertThat(byKey(key, "/api/queues", HEADER, own).status()).isEqualTo(200);
    assertThat(byKey(key, "/api/queues", HEADER, other).status()).isEqualTo(403);
    assertThat(byKey(key, "/api/queues?organizationId=" + other, "X-A", "b").status())
        .isEqualTo(403);
  }

  @Test
  void whatIsInThePathIsLookedForInTheOrganizationOfTheRequestAlone() throws Exception {
    TestClient.Answer made =
        post(victim, "/api/keys", Json.object().put("name", "victims"), HEADER, theirs);
    String key = made.json().path("id").asText();
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(
            post(victim, "/api/queues/secret/jobs", Json.object().put("name", "a"), HEADER, theirs)
                .status())
        .isEqualTo(201);
    String job = people.value("select max(id) from queue_jobs");
    assertThat(post(mallory, "/api/keys/" + key + "/rotate", Json.object(), HEADER, own).status())
        .isEqualTo(404);
    assertThat(
            mallory
                .http()
                .send(mallory.request("/api/keys/" + key).header(HEADER, own).DELETE())
                .status())
        .isEqualTo(404);
    assertThat(get(mallory, "/api/queues/secret/jobs/" + job, HEADER, own).status()).isEqualTo(404);
    assertThat(get(mallory, "/api/queues", HEADER, own).body()).doesNotContain("secret");
    assertThat(byKey(made.json().path("key").asText(), "/api/queues", HEADER, theirs).status())
        .isEqualTo(200);
  }

  @Test
  void theBodyAndTheHeaderAreBothLookedAt() throws Exception {
    // Named in the header, not a member: whatever the body says.
    assertThat(
            post(
                    mallory,
                    "/api/auth/organization/update",
                    Json.object()
                        .put("organizationId", own)
                        .set("data", Json.object().put("name", "x")),
                    HEADER,
                    theirs)
                .status())
        .isEqualTo(403);
    // Named in the body, not a member: whatever the header says.
    for (Map.Entry<String, String> act :
        Map.of(
                "update", "{\"organizationId\":\"ID\",\"data\":{\"name\":\"x\"}}",
                "delete", "{\"organizationId\":\"ID\"}",
                "invite-member",
                    "{\"organizationId\":\"ID\",\"email\":\"m@example.com\",\"role\":\"owner\"}",
                "set-active", "{\"organizationId\":\"ID\"}")
            .entrySet()) {
      TestClient.Answer answer =
          post(
              mallory,
              "/api/auth/organization/" + act.getKey(),
              Json.read(act.getValue().replace("ID", theirs)),
              HEADER,
              own);
      assertThat(answer.status()).as(act.getKey() + answer.body()).isIn(400, 401, 403, 404);
    }
    assertThat(get(victim, "/api/queues", HEADER, theirs).status()).isEqualTo(200);
  }

  @Test
  void anOrganizationThatIsGoneIsNobodysByIdOrSlug() throws Exception {
    String gone = organization(victim, "gone-" + NUMBER.get());
    String key =
        post(victim, "/api/keys", Json.object().put("name", "k"), HEADER, gone)
            .json()
            .path("key")
            .asText();
    TestPeople.ok(victim.organization("delete", Json.object().put("organizationId", gone)));
    for (String text : List.of(gone, "gone-" + NUMBER.get())) {
      assertThat(get(victim, "/api/queues", HEADER, text).status()).isEqualTo(403);
      assertThat(get(victim, "/api/queues?organizationId=" + text).status()).isEqualTo(403);
    }
    assertThat(byKey(key, "/api/queues", HEADER, theirs).status()).isEqualTo(401);
    // The slug is free again, and is the new organization's alone.
    String next = organization(mallory, "gone-" + NUMBER.get());
    assertThat(next).isNotEqualTo(gone);
    assertThat(get(victim, "/api/queues", HEADER, "gone-" + NUMBER.get()).status()).isEqualTo(403);
  }

  @Test
  void whoIsTakenOutActsThereByNothing() throws Exception {
    Invitations.join(victim, mallory, theirs, "admin");
    String key =
        post(mallory, "/api/keys", Json.object().put("name", "k"), HEADER, own)
            .json()
            .path("key")
            .asText();
    assertThat(byKey(key, "/api/queues", HEADER, theirs).status()).isEqualTo(200);
    TestPeople.ok(
        victim.organization(
            "remove-member",
            Json.object().put("memberIdOrEmail", mallory.email()).put("organizationId", theirs)));
    assertThat(byKey(key, "/api/queues", HEADER, theirs).status()).isEqualTo(403);
    assertThat(get(mallory, "/api/queues", HEADER, slug).status()).isEqualTo(403);
    // The session, which acted there since the invitation, is in its own again.
    JsonNode session = TestPeople.ok(get(mallory, "/api/auth/get-session")).path("session");
    assertThat(session.path("activeOrganizationId").asText()).isNotEqualTo(theirs);
    assertThat(get(mallory, "/api/queues").status()).isEqualTo(200);
  }

  @Test
  void whoActsInSomebodysNameActsWhereThatPersonIs() throws Exception {
    Person admin = Person.signedUp(server, new Mailbox(server), "impersonating");
    people.execute("update users set role = 'admin' where email = '" + admin.email() + "'");
    TestClient.Answer in = admin.auth("admin/impersonate-user", Map.of("userId", victim.id()));
    assertThat(in.status()).as(in.body()).isEqualTo(200);
    assertThat(admin.get("/api/queues?organizationId=" + theirs).status()).isEqualTo(200);
    assertThat(admin.get("/api/queues?organizationId=" + own).status()).isEqualTo(403);
    String admins =
        people.value("select organization_id from users where email = '" + admin.email() + "'");
    assertThat(admin.get("/api/queues?organizationId=" + admins).status()).isEqualTo(403);
  }

  @Test
  void oneIdempotencyKeyInTwoOrganizationsIsTwoRequests() throws Exception {
    String other = secondOwn();
    JsonNode body = Json.object().put("name", "same");
    String first =
        post(mallory, "/api/keys", body, HEADER, own, "Idempotency-Key", "one-" + own)
            .json()
            .path("id")
            .asText();
    JsonNode again =
        post(mallory, "/api/keys", body, HEADER, own, "Idempotency-Key", "one-" + own).json();
    assertThat(again.path("id").asText()).isEqualTo(first);
    assertThat(again.path("key").asText()).as("shown once").isEmpty();
    JsonNode elsewhere =
        post(mallory, "/api/keys", body, HEADER, other, "Idempotency-Key", "one-" + own).json();
    assertThat(elsewhere.path("id").asText()).isNotEqualTo(first);
    assertThat(
            post(mallory, "/api/keys", body, HEADER, theirs, "Idempotency-Key", "one-" + own)
                .status())
        .isEqualTo(403);
  }
}
