package dev.mainstay.server;

import static dev.mainstay.server.TestPeople.ok;
import static dev.mainstay.server.TestPeople.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.TestPeople.Person;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.TestDatabases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** API keys over HTTP: whose they are, what they may do, and when they end. */
@Timeout(120)
class ApiKeysTest {
  @TempDir static Path directory;
  private static final AtomicInteger NUMBER = new AtomicInteger();
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

  /** An organization of Ada's. */
  @BeforeEach
  void create() throws Exception {
    String slug = "keys-" + NUMBER.incrementAndGet();
    organization =
        ok(ada.organization("create", Json.object().put("name", slug).put("slug", slug)))
            .path("id")
            .asText();
  }

  private void join(Person person, String role) throws Exception {
    people.execute(
        "insert into members (id, organization_id, user_id, role, created_at)"
            + " values ('%s', '%s', '%s', '%s', 1)"
                .formatted(Ids.next(), organization, person.id(), role));
    ok(person.organization("set-active", Json.object().put("organizationId", organization)));
  }

  private static TestClient.Answer key(Person person, String act, ObjectNode body)
      throws Exception {
    return person.post("/api/auth/api-key/" + act, body);
  }

  private static TestClient.Answer read(Person person, String query) throws Exception {
    return person.get("/api/auth/api-key/" + query);
  }

  private static JsonNode make(Person person, ObjectNode body) throws Exception {
    return ok(key(person, "create", body));
  }

  private ObjectNode organizations() {
    return Json.object().put("configId", "organization").put("organizationId", organization);
  }

  private static ObjectNode with(ObjectNode body, String resource, String action) {
    body.putObject("permissions").putArray(resource).add(action);
    return body;
  }

  private static String id(JsonNode made) {
    return made.path("id").asText();
  }

  private static TestClient by(JsonNode made) {
    return new TestClient(server.mainstay().url(), made.path("key").asText());
  }

  private static int tasks(JsonNode made) throws Exception {
    return by(made).get("/api/tasks").status();
  }

  /** CVE-2025-61928: the body made the key of whomever it named. */
  @Test
  void aKeyIsItsMakersWhateverTheBodySays() throws Exception {
    ObjectNode body = Json.object().put("name", "x").put("userId", bob.id());
    TestClient nobody = new TestClient(server.mainstay().url(), "");
    assertThat(nobody.post("/api/auth/api-key/create", body.toString()).status()).isEqualTo(401);
    refused(key(ada, "create", body), 401, "UNAUTHORIZED_SESSION");
    ObjectNode own = Json.object().put("name", "x").put("userId", ada.id());
    refused(key(ada, "create", own), 401, "UNAUTHORIZED_SESSION");
    for (String name : List.of("referenceId", "user_id", "user")) {
      assertThat(key(ada, "create", Json.object().put(name, bob.id())).status()).isEqualTo(400);
    }

    JsonNode made = make(ada, Json.object());
    assertThat(made.path("referenceId").asText()).isEqualTo(ada.id());
    ObjectNode change = Json.object().put("keyId", id(made)).put("name", "y");
    refused(key(ada, "update", change.put("userId", bob.id())), 401, "UNAUTHORIZED_SESSION");
    change.remove("userId");
    refused(key(bob, "update", change), 404, "KEY_NOT_FOUND");
    assertThat(read(bob, "get?id=" + id(made)).status()).isEqualTo(404);
    assertThat(key(bob, "delete", Json.object().put("keyId", id(made))).status()).isEqualTo(404);
    // A key is no session: it makes none of these.
    assertThat(by(made).post("/api/auth/api-key/create", "{}").status()).isEqualTo(403);
  }

  @Test
  void theSecretIsShownOnceAndStoredNowhere() throws Exception {
    JsonNode made = make(ada, Json.object().put("name", "shown").put("prefix", "ci_"));
    String secret = made.path("key").asText();
    assertThat(secret).startsWith("ci_").hasSize(46);
    assertThat(made.path("start").asText()).isEqualTo(secret.substring(0, 9));
    assertThat(read(ada, "get?id=" + id(made)).body()).doesNotContain(secret);
    assertThat(read(ada, "list").body()).doesNotContain(secret).contains("shown");
    assertThat(TestDatabases.dump(directory.resolve("data"))).doesNotContain(secret);
  }

  @Test
  void aKeyDoesWhatItsPermissionsSayAndNoMoreThanItsMaker() throws Exception {
    join(bob, "member");
    JsonNode reader = make(bob, with(Json.object(), "tasks", "read"));
    assertThat(reader.path("permissions").toString()).isEqualTo("{\"tasks\":[\"read\"]}");
    assertThat(tasks(reader)).isEqualTo(200);
    assertThat(by(reader).get("/api/keys").status()).isEqualTo(403);
    assertThat(by(reader).get("/api/queues").status()).isEqualTo(403);
    assertThat(by(reader).get("/api/me").json().path("organizationId").asText())
        .isEqualTo(organization);

    refused(key(bob, "create", with(Json.object(), "keys", "manage")), 403, "FORBIDDEN");
    refused(key(ada, "create", with(Json.object(), "instance", "admin")), 403, "FORBIDDEN");
    refused(key(ada, "create", with(Json.object(), "tasks", "burn")), 400, "VALIDATION_ERROR");
    ObjectNode none = Json.object();
    none.putObject("permissions");
    refused(key(ada, "create", none), 400, "VALIDATION_ERROR");
    refused(
        key(bob, "update", with(Json.object().put("keyId", id(reader)), "keys", "manage")),
        403,
        "FORBIDDEN");
    ok(key(bob, "update", with(Json.object().put("keyId", id(reader)), "queues", "read")));
    assertThat(tasks(reader)).isEqualTo(403);
  }

  @Test
  void aKeyIsSwitchedOffAndOnAndEndsAtOnce() throws Exception {
    JsonNode made = make(ada, Json.object().put("name", "a"));
    assertThat(tasks(made)).isEqualTo(200);
    ok(key(ada, "update", Json.object().put("keyId", id(made)).put("enabled", false)));
    assertThat(tasks(made)).isEqualTo(401);
    ok(key(ada, "update", Json.object().put("keyId", id(made)).put("enabled", true)));
    assertThat(tasks(made)).isEqualTo(200);
    ok(key(ada, "delete", Json.object().put("keyId", id(made))));
    assertThat(tasks(made)).isEqualTo(401);
    refused(read(ada, "get?id=" + id(made)), 404, "KEY_NOT_FOUND");
    assertThat(
            people.value(
                "select count(*) from audit_log where target_id = '%s' and actor_id = '%s'"
                    .formatted(id(made), ada.id())))
        .isEqualTo("4");
  }

  @Test
  void termsHaveLimits() throws Exception {
    ObjectNode body = Json.object();
    refused(key(ada, "create", body.put("expiresIn", 86_399)), 400, "EXPIRES_IN_IS_TOO_SMALL");
    refused(key(ada, "create", body.put("expiresIn", 31_536_001)), 400, "EXPIRES_IN_IS_TOO_LARGE");
    refused(
        key(ada, "create", Json.object().put("refillAmount", 1)),
        400,
        "REFILL_AMOUNT_AND_INTERVAL_REQUIRED");
    refused(
        key(ada, "create", Json.object().put("refillInterval", 1000)),
        400,
        "REFILL_INTERVAL_AND_AMOUNT_REQUIRED");
    refused(key(ada, "create", Json.object().put("metadata", "x")), 400, "INVALID_METADATA_TYPE");
    ObjectNode large = Json.object();
    large.putObject("metadata").put("x", "y".repeat(5000));
    for (ObjectNode bad :
        List.of(
            large,
            Json.object().put("name", "x".repeat(101)),
            Json.object().put("prefix", "x".repeat(21)),
            Json.object().put("prefix", "Upper"),
            Json.object().put("prefix", "a\nb"),
            Json.object().put("prefix", ""),
            Json.object().put("rateLimitMax", 5),
            Json.object().put("rateLimitEnabled", true),
            Json.object().put("rateLimitMax", 5).put("rateLimitTimeWindow", 3_600_001),
            Json.object().put("remaining", -1),
            Json.object().put("configId", "other"),
            Json.object().put("configId", "default").put("organizationId", organization))) {
      refused(key(ada, "create", bad), 400, "VALIDATION_ERROR");
    }
    refused(
        key(ada, "create", Json.object().put("configId", "organization")),
        400,
        "ORGANIZATION_ID_REQUIRED");
    JsonNode made = make(ada, Json.object().put("expiresIn", 86_400));
    ObjectNode change = Json.object().put("keyId", id(made));
    assertThat(ok(key(ada, "update", change.putNull("expiresIn"))).path("expiresAt").isNull())
        .isTrue();
    refused(key(ada, "update", change.put("expiresIn", "1d")), 400, "VALIDATION_ERROR");
    refused(key(ada, "update", Json.object().put("keyId", id(made))), 400, "NO_VALUES_TO_UPDATE");
  }

  @Test
  void whatRemainsIsExactUnderLoad() throws Exception {
    JsonNode made = make(ada, Json.object().put("remaining", 5));
    List<Integer> answers = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> calls =
          Collections.nCopies(20, 0).stream()
              .map(any -> callers.submit(() -> tasks(made)))
              .toList();
      for (Future<Integer> call : calls) {
        answers.add(call.get());
      }
    }
    assertThat(answers).containsOnly(200, 401);
    assertThat(Collections.frequency(answers, 200)).isEqualTo(5);
    assertThat(ok(read(ada, "get?id=" + id(made))).path("remaining").asInt(-1)).isZero();
    ok(key(ada, "update", Json.object().put("keyId", id(made)).put("remaining", 1)));
    assertThat(tasks(made)).isEqualTo(200);
    assertThat(tasks(made)).isEqualTo(401);
  }

  @Test
  void aKeyMayBeUsedSoOftenInAWindow() throws Exception {
    ObjectNode limits = Json.object().put("rateLimitMax", 2).put("rateLimitTimeWindow", 3_600_000);
    JsonNode made = make(ada, limits);
    JsonNode other = make(ada, limits);
    assertThat(tasks(made)).isEqualTo(200);
    assertThat(tasks(made)).isEqualTo(200);
    TestClient.Answer third = by(made).get("/api/tasks");
    refused(third, 429, "TOO_MANY_REQUESTS");
    assertThat(third.response().headers().firstValueAsLong("Retry-After").orElse(0))
        .isBetween(3000L, 3601L);
    assertThat(tasks(other)).isEqualTo(200);
    assertThat(ok(read(ada, "get?id=" + id(made))).path("requestCount").asInt()).isEqualTo(2);
    ok(key(ada, "update", Json.object().put("keyId", id(made)).put("rateLimitEnabled", false)));
    assertThat(tasks(made)).isEqualTo(200);
  }

  @Test
  void keysOfOnePrefixAreKeptApart() throws Exception {
    JsonNode first = make(ada, Json.object().put("prefix", "same-"));
    JsonNode second = make(bob, Json.object().put("prefix", "same-"));
    assertThat(by(first).get("/api/me").json().path("userId").asText()).isEqualTo(ada.id());
    assertThat(by(second).get("/api/me").json().path("userId").asText()).isEqualTo(bob.id());
    String secret = first.path("key").asText();
    for (String guess :
        List.of(
            first.path("start").asText(),
            secret.replaceFirst("same-", "ms_"),
            secret.substring(5),
            secret.substring(0, secret.length() - 1),
            secret + "A",
            secret.toUpperCase(java.util.Locale.ROOT))) {
      assertThat(new TestClient(server.mainstay().url(), guess).get("/api/me").status())
          .isEqualTo(401);
    }
  }

  @Test
  void aUsersKeyGoesWithThemAndAnOrganizationsStays() throws Exception {
    join(bob, "admin");
    JsonNode own = make(bob, Json.object());
    JsonNode theirs = make(bob, organizations());
    assertThat(theirs.path("referenceId").asText()).isEqualTo(organization);
    assertThat(theirs.path("permissions").toString()).contains("keys");
    assertThat(tasks(own)).isEqualTo(200);
    assertThat(tasks(theirs)).isEqualTo(200);

    ok(
        ada.organization(
            "remove-member",
            Json.object().put("organizationId", organization).put("memberIdOrEmail", bob.email())));
    assertThat(tasks(own)).isEqualTo(401);
    assertThat(tasks(theirs)).isEqualTo(200);
    assertThat(read(bob, "get?id=" + id(theirs)).status()).isEqualTo(404);
    assertThat(key(bob, "delete", Json.object().put("keyId", id(theirs))).status()).isEqualTo(404);
    // An organization's key makes keys of the organization, not of whoever has gone.
    JsonNode next = by(theirs).post("/api/keys", "{\"name\":\"next\"}").json();
    assertThat(next.path("ownedByOrganization").asBoolean()).isTrue();
    assertThat(tasks(next)).isEqualTo(200);
    // It is no person's, so it opens no session.
    assertThat(
            by(theirs)
                .post(
                    "/api/auth/key",
                    Json.object().put("key", theirs.path("key").asText()).toString())
                .json()
                .path("code")
                .asText())
        .isEqualTo("KEY_OPENS_NO_SESSION");

    ok(key(ada, "delete", Json.object().put("keyId", id(theirs))));
    assertThat(tasks(theirs)).isEqualTo(401);
    ok(ada.organization("delete", Json.object().put("organizationId", organization)));
    assertThat(tasks(next)).isEqualTo(401);
  }

  @Test
  void onlyWhoManagesKeysSeesToThoseOfAnOrganization() throws Exception {
    join(bob, "member");
    JsonNode made = make(ada, organizations().put("name", "shared"));
    refused(key(bob, "create", organizations()), 403, "INSUFFICIENT_API_KEY_PERMISSIONS");
    refused(key(carl, "create", organizations()), 403, "USER_NOT_MEMBER_OF_ORGANIZATION");
    String list = "list?organizationId=" + organization;
    refused(read(bob, list), 403, "INSUFFICIENT_API_KEY_PERMISSIONS");
    refused(read(carl, list), 403, "USER_NOT_MEMBER_OF_ORGANIZATION");
    refused(read(bob, "get?id=" + id(made)), 403, "INSUFFICIENT_API_KEY_PERMISSIONS");
    refused(read(carl, "get?id=" + id(made)), 404, "KEY_NOT_FOUND");
    ObjectNode off = Json.object().put("keyId", id(made)).put("enabled", false);
    refused(key(bob, "update", off), 403, "INSUFFICIENT_API_KEY_PERMISSIONS");
    refused(key(carl, "update", off), 404, "KEY_NOT_FOUND");

    JsonNode seen = ok(read(ada, list));
    assertThat(seen.path("total").asInt()).isEqualTo(1);
    assertThat(seen.path("apiKeys").get(0).path("name").asText()).isEqualTo("shared");
    assertThat(read(ada, "list").body()).doesNotContain(id(made));
    assertThat(read(ada, "get?configId=default&id=" + id(made)).status()).isEqualTo(404);
    // Nobody's administration of the instance is left to an organization.
    TestClient root = server.client();
    assertThat(root.get("/api/keys").status()).isEqualTo(200);
    refused(key(ada, "create", with(organizations(), "instance", "admin")), 403, "FORBIDDEN");
  }

  @Test
  void aRotatedKeyGoesOnForTheOverlap() throws Exception {
    JsonNode old =
        make(ada, Json.object().put("name", "ci").put("prefix", "ci_").put("remaining", 3));
    String path = "/api/keys/" + id(old) + "/rotate";
    TestClient.Answer answer = ada.post(path, Json.object());
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    JsonNode fresh = answer.json();
    assertThat(fresh.path("key").asText()).startsWith("ci_").isNotEqualTo(old.path("key").asText());
    assertThat(fresh.path("rotatedFrom").asText()).isEqualTo(id(old));
    assertThat(fresh.path("name").asText()).isEqualTo("ci");
    // Both count together.
    assertThat(tasks(old)).isEqualTo(200);
    assertThat(tasks(fresh)).isEqualTo(200);
    assertThat(tasks(old)).isEqualTo(200);
    assertThat(tasks(fresh)).isEqualTo(401);
    refused(ada.post(path, Json.object()), 409, "KEY_IS_ROTATED");

    JsonNode plain = make(ada, Json.object());
    JsonNode next =
        ada.post("/api/keys/" + id(plain) + "/rotate", Json.object().put("overlapSeconds", 0))
            .json();
    assertThat(tasks(plain)).isEqualTo(401);
    assertThat(tasks(next)).isEqualTo(200);
    refused(
        ada.post("/api/keys/" + id(next) + "/rotate", Json.object().put("overlapSeconds", 604_801)),
        400,
        "VALIDATION_ERROR");
    assertThat(
            people.value(
                "select count(*) from audit_log where action = 'key-rotated' and target_id = '%s'"
                    .formatted(id(plain))))
        .isEqualTo("1");
  }

  /** Whoever rotates a key learns a secret. */
  @Test
  void nobodyGetsAKeyByRotatingThatTheyCouldNotHave() throws Exception {
    join(bob, "admin");
    ok(ada.organization("set-active", Json.object().put("organizationId", organization)));
    JsonNode adas = make(ada, Json.object());
    assertThat(bob.post("/api/keys/" + id(adas) + "/rotate", Json.object()).status())
        .isEqualTo(403);
    JsonNode small = make(ada, with(Json.object(), "keys", "manage"));
    assertThat(by(small).post("/api/keys/" + id(adas) + "/rotate", "{}").status()).isEqualTo(403);
    JsonNode shared = make(ada, organizations());
    assertThat(by(shared).post("/api/keys/" + id(adas) + "/rotate", "{}").status()).isEqualTo(403);
    assertThat(bob.post("/api/keys/" + id(shared) + "/rotate", Json.object()).status())
        .isEqualTo(201);
    assertThat(carl.post("/api/keys/" + id(shared) + "/rotate", Json.object()).status())
        .isEqualTo(404);
    assertThat(tasks(adas)).isEqualTo(200);
  }

  @Test
  void aKeyMakesNoneThatIsWorthMore() throws Exception {
    JsonNode counted = make(ada, Json.object().put("remaining", 100));
    assertThat(by(counted).post("/api/keys", "{\"name\":\"x\"}").status()).isEqualTo(403);
    assertThat(
            by(counted)
                .post(
                    "/api/auth/key",
                    Json.object().put("key", counted.path("key").asText()).toString())
                .status())
        .isEqualTo(403);
    JsonNode other = make(ada, Json.object());
    assertThat(by(counted).post("/api/keys/" + id(other) + "/rotate", "{}").status())
        .isEqualTo(403);

    JsonNode ends = make(ada, Json.object().put("expiresIn", 86_400));
    TestClient client = by(ends);
    String end = ends.path("expiresAt").asText();
    assertThat(client.post("/api/keys", "{\"name\":\"x\"}").json().path("expiresAt").asText())
        .isEqualTo(end);
    assertThat(
            client
                .post("/api/keys", "{\"name\":\"x\",\"expiresIn\":864000}")
                .json()
                .path("expiresAt")
                .asText())
        .isEqualTo(end);
    assertThat(
            client
                .post("/api/keys/" + id(other) + "/rotate", "{}")
                .json()
                .path("expiresAt")
                .asText())
        .isEqualTo(end);
  }

  @Test
  void aSessionOfAKeyEndsWhenTheKeyIsSwitchedOffOrLimited() throws Exception {
    for (ObjectNode change :
        List.of(
            Json.object().put("enabled", false),
            Json.object().put("remaining", 5),
            Json.object().put("rateLimitMax", 5).put("rateLimitTimeWindow", 1000))) {
      JsonNode made = make(ada, Json.object());
      TestClient nobody = new TestClient(server.mainstay().url(), "");
      String cookie =
          nobody
              .post("/api/auth/key", Json.object().put("key", made.path("key").asText()).toString())
              .cookie();
      Person lent = new Person(nobody, cookie, ada.id(), ada.email());
      assertThat(lent.get("/api/tasks").status()).isEqualTo(200);
      assertThat(key(lent, "create", Json.object()).status()).isEqualTo(403);
      ok(key(ada, "update", change.put("keyId", id(made))));
      assertThat(lent.get("/api/tasks").status()).isEqualTo(401);
    }
  }

  @Test
  void keysAreListedInParts() throws Exception {
    Person dora = people.signUp("dora" + NUMBER.incrementAndGet());
    for (String name : List.of("b", "c", "a")) {
      make(dora, Json.object().put("name", name));
    }
    assertThat(ok(read(dora, "list?sortBy=name")).path("apiKeys").findValuesAsText("name"))
        .containsExactly("a", "b", "c");
    JsonNode part = ok(read(dora, "list?sortBy=name&sortDirection=desc&limit=1&offset=1"));
    assertThat(part.path("apiKeys").findValuesAsText("name")).containsExactly("b");
    assertThat(part.path("total").asInt()).isEqualTo(3);
    assertThat(ok(read(dora, "list?configId=organization")).path("total").asInt()).isZero();
    for (String bad : List.of("limit=0", "limit=201", "sortBy=secret_hash", "sortDirection=up")) {
      refused(read(dora, "list?" + bad), 400, "VALIDATION_ERROR");
    }
  }
}
