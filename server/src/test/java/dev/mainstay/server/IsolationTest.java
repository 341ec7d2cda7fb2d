package dev.mainstay.server;

import static dev.mainstay.server.schema.Tables.MEMBERS;
import static dev.mainstay.server.schema.Tables.SESSIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.TestDatabases;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every endpoint of {@code openapi.json}, called on what belongs to one organization: by another
 * one, by a member who may do less, with a key of other scopes, with a session that has ended, and
 * without a credential. An endpoint that this test has no example for fails it.
 */
class IsolationTest {
  private static final String CANARY = "isolation-canary-5d1f";

  /** Of names that are in the paths, which whoever calls knows. */
  private static final String KNOWN = "known-5d1f";

  private static final String QUEUE = "queue-" + KNOWN;

  /** What of an organization's own is in the paths, by what stands before it. */
  private static final Map<String, String> IDS = new LinkedHashMap<>();

  /** Bodies that the endpoints take. */
  private static final Map<String, String> BODIES =
      Map.ofEntries(
          Map.entry("POST /api/keys", "{\"name\":\"x\"}"),
          Map.entry("POST /api/keys/{id}/rotate", "{\"overlapSeconds\":0}"),
          Map.entry(
              "POST /api/tasks",
              "{\"repoUrl\":\"https://repository.invalid/r.git\",\"prompt\":\"x\"}"),
          Map.entry("POST /api/tasks/{id}/messages", "{\"text\":\"x\"}"),
          Map.entry("POST /api/tasks/{id}/reject", "{\"reason\":\"x\"}"),
          Map.entry("POST /api/queues/{queue}/jobs", "{\"name\":\"x\",\"data\":{}}"),
          Map.entry("PUT /api/queues/{queue}/concurrency", "{\"concurrency\":1}"),
          Map.entry(
              "PUT /api/queues/{queue}/rate-limit", "{\"limit\":{\"max\":1,\"duration\":1000}}"),
          Map.entry(
              "PUT /api/queues/{queue}/unit-limit", "{\"limit\":{\"max\":1,\"duration\":1000}}"),
          Map.entry("PUT /api/queues/{queue}/group-limits", "{\"concurrency\":1}"),
          Map.entry("PUT /api/queues/{queue}/groups/{group}/limits", "{\"concurrency\":1}"),
          Map.entry(
              "PUT /api/queues/{queue}/schedulers/{id}",
              "{\"every\":3600000,\"template\":{\"name\":\"x\"}}"),
          Map.entry("POST /api/queues/{queue}/clean", "{\"state\":\"completed\"}"),
          Map.entry("POST /api/flows", "{\"name\":\"x\",\"queueName\":\"other\",\"data\":{}}"),
          Map.entry(
              "POST /api/queues/{queue}/bulk-actions",
              "{\"action\":\"retry\",\"state\":\"failed\"}"));

  @TempDir static Path directory;
  private static TestServer server;
  private static TestClient stranger;
  private static List<Operation> operations = List.of();

  @BeforeAll
  static void start() throws Exception {
    TestDatabases.ordinary(directory.resolve("data"));
    server =
        TestServer.start(
            directory,
            Map.of(
                Setting.ROLES,
                "web",
                Setting.SIGN_UP,
                "open",
                Setting.RATE_LIMITS,
                "off",
                Setting.MODEL,
                "scripted"));
    operations = Operation.all();
    fill(server.client());
    try (Database database = TestDatabases.open(directory.resolve("data"))) {
      stranger = new TestClient(server.mainstay().url(), OtherOrganization.key(database));
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Makes one of everything. */
  private static void fill(TestClient own) throws Exception {
    IDS.put("/api/tasks/", new TestTasks(own).create("https://repository.invalid/r.git", CANARY));
    IDS.put("/api/keys/", id(own.post("/api/keys", "{\"name\":\"" + CANARY + "\"}")));
    String jobs = "/api/queues/" + QUEUE + "/jobs";
    String job =
        id(
            own.post(
                jobs,
                """
                {"name": "%s", "data": {"secret": "%s"},
                 "opts": {"deduplication": {"id": "dedup-%s"}, "group": {"id": "group-%s"}}}
                """
                    .formatted(CANARY, CANARY, KNOWN, KNOWN)));
    IDS.put("/jobs/", job);
    Person mailed = new Person(server.mainstay().url(), CANARY);
    mailed.signUp();
    IDS.put(
        "/mails/",
        new Mailbox(server).list(mailed.email(), "verify-email").getFirst().path("id").asText());
    IDS.put("/users/", mailed.email());
    IDS.put("/deduplications/", "dedup-" + KNOWN);
    IDS.put("/groups/", "group-" + KNOWN);
    IDS.put("/schedulers/", "scheduler-" + KNOWN);
    TestClient.Answer scheduler =
        own.put(
            "/api/queues/" + QUEUE + "/schedulers/scheduler-" + KNOWN,
            "{\"every\":3600000,\"template\":{\"name\":\"" + CANARY + "\"}}");
    assertThat(scheduler.status()).as(scheduler.body()).isBetween(200, 201);
    IDS.put(
        "/bulk-actions/",
        id(
            own.post(
                "/api/queues/" + QUEUE + "/bulk-actions",
                "{\"action\":\"retry\",\"state\":\"failed\"}")));
  }

  private static String id(TestClient.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isBetween(200, 202);
    return answer.json().path("id").asText();
  }

  private static String filled(Operation operation) {
    String path = operation.path().replace("{queue}", QUEUE);
    for (Map.Entry<String, String> id : IDS.entrySet()) {
      path = path.replaceAll(id.getKey() + "\\{(id|group)}", id.getKey() + id.getValue());
    }
    assertThat(path).as("an example for %s", operation.name()).doesNotContain("{");
    return path;
  }

  private static TestClient.Answer call(TestClient client, Operation operation, String... headers)
      throws Exception {
    String body = BODIES.getOrDefault(operation.name(), "");
    HttpRequest.Builder request =
        client
            .request(filled(operation))
            .header("Content-Type", "application/json")
            .method(operation.method(), HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request);
  }

  private static List<Operation> owned() {
    return operations.stream()
        .filter(operation -> !operation.open() && !operation.isOfAccounts())
        .toList();
  }

  /** Everything that an organization sees of its own. */
  private static String picture() throws Exception {
    StringBuilder all = new StringBuilder();
    for (Operation operation : owned()) {
      boolean changes =
          operation.path().startsWith("/actuator")
              || operation.path().endsWith("/metrics")
              || operation.scope().equals(Optional.of("instance:admin"));
      if (operation.method().equals("GET") && !changes) {
        all.append(operation.path())
            .append(' ')
            .append(call(server.client(), operation).body())
            .append('\n');
      }
    }
    return all.toString().replaceAll("\"lastUsedAt\":\"[^\"]*\",?", "");
  }

  @Test
  void anotherOrganizationSeesAndChangesNothing() throws Exception {
    String before = picture();
    assertThat(before.split(CANARY, -1).length).isGreaterThan(15);
    // What the other one makes of its own, under the same names, comes last.
    List<Operation> ordered =
        owned().stream()
            .sorted(Comparator.comparing(operation -> operation.method().equals("PUT")))
            .toList();
    for (Operation operation : ordered) {
      TestClient.Answer answer = call(stranger, operation);
      assertThat(answer.body()).as(operation.name()).doesNotContain(CANARY);
      assertThat(answer.status()).as(operation.name() + answer.body()).isNotEqualTo(400);
      assertThat(answer.status()).as(operation.name() + answer.body()).isLessThan(500);
      if (operation.scope().equals(Optional.of("instance:admin"))) {
        assertThat(answer.status()).as(operation.name()).isEqualTo(403);
      } else if (operation.path().matches(".*/\\{id}.*") && !operation.method().equals("PUT")) {
        assertThat(answer.status()).as(operation.name() + answer.body()).isEqualTo(404);
      }
    }
    assertThat(picture()).isEqualTo(before);
  }

  /**
   * The server is kept from what organizations have, but for what it does as their tenant's role:
   * every endpoint shows the same, and makes the same, as before.
   */
  @Test
  @Tag("postgres")
  void whatBelongsToAnOrganizationIsReachedAsItsTenant() throws Exception {
    String before = picture();
    TestClient maker;
    try (Database database = TestDatabases.open(directory.resolve("data"))) {
      maker = new TestClient(server.mainstay().url(), OtherOrganization.key(database));
    }
    List<String> order = List.of("PUT", "POST", "GET", "DELETE");
    try (AutoCloseable closed = TestDatabases.closedToTheServer(directory.resolve("data"))) {
      assertThat(closed).isNotNull();
      assertThat(picture()).isEqualTo(before);
      for (Operation operation :
          owned().stream()
              .filter(one -> one.scope().isPresent())
              .sorted(Comparator.comparing(one -> order.indexOf(one.method())))
              .toList()) {
        TestClient.Answer answer =
            call(maker, operation, "Idempotency-Key", operation.name().replaceAll("[{}]", ""));
        assertThat(answer.status()).as(operation.name() + answer.body()).isLessThan(500);
        if (BODIES.containsKey(operation.name()) && !operation.path().matches(".*/\\{id}/.*")) {
          assertThat(answer.status()).as(operation.name() + answer.body()).isLessThan(300);
        }
      }
    }
  }

  /** What the database refuses is the server's own mistake, of which nobody else is told. */
  @Test
  @Tag("postgres")
  void whatATenantsRoleMayNotIsAnIncidentWithoutDetails() throws Exception {
    try (Database database = TestDatabases.open(directory.resolve("data"))) {
      database.execute(tx -> tx.sql().execute("revoke select on tasks from mainstay_app"));
      try {
        TestClient.Answer answer = server.client().get("/api/tasks");
        assertThat(answer.status()).as(answer.body()).isEqualTo(500);
        assertThat(answer.body())
            .contains("incident")
            .doesNotContain("permission", "denied", "mainstay_app", "select");
      } finally {
        database.execute(tx -> tx.sql().execute("grant select on tasks to mainstay_app"));
      }
    }
  }

  @Test
  void whoHasNoCredentialSeesNothing() throws Exception {
    TestClient nobody = new TestClient(server.mainstay().url(), "");
    for (Operation operation : owned()) {
      assertThat(call(nobody, operation).status()).as(operation.name()).isEqualTo(401);
    }
  }

  @Test
  void whoseSessionHasEndedSeesNothing() throws Exception {
    Person ada = Person.signedUp(server, new Mailbox(server), "ada");
    String cookie = "mainstay_session=" + ada.cookie().orElseThrow();
    TestClient browser = new TestClient(server.mainstay().url(), "");
    Operation tasks =
        owned().stream()
            .filter(one -> one.name().equals("GET /api/tasks"))
            .findFirst()
            .orElseThrow();
    assertThat(call(browser, tasks, "Cookie", cookie).status()).isEqualTo(200);
    ada.auth("sign-out", Map.of());
    for (Operation operation : owned()) {
      assertThat(call(browser, operation, "Cookie", cookie).status())
          .as(operation.name())
          .isEqualTo(401);
    }
  }

  @Test
  void aKeyDoesWhatItsScopesSay() throws Exception {
    for (String scope : List.of("tasks:read", "queues:read", "keys:manage", "instance:admin")) {
      String key = server.mainstay().identity().createOwnerKey(scope, List.of(scope)).key();
      TestClient client = new TestClient(server.mainstay().url(), key);
      for (Operation operation : owned()) {
        if (operation.scope().isPresent() && !operation.scope().get().equals(scope)) {
          assertThat(call(client, operation).status()).as(operation.name()).isEqualTo(403);
        }
      }
    }
  }

  /** A member of the organization works on tasks and adds jobs, and manages nothing. */
  @Test
  void aMemberDoesWhatTheirRoleSays() throws Exception {
    Person bob = Person.signedUp(server, new Mailbox(server), "bob");
    String user = bob.session().path("user").path("id").asText();
    String organization = server.mainstay().identity().ownerOrganization();
    try (Database database = TestDatabases.open(directory.resolve("data"))) {
      database.execute(
          tx -> {
            tx.sql()
                .insertInto(MEMBERS)
                .set(MEMBERS.ID, Ids.next())
                .set(MEMBERS.ORGANIZATION_ID, organization)
                .set(MEMBERS.USER_ID, user)
                .set(MEMBERS.ROLE, "member")
                .set(MEMBERS.CREATED_AT, Instant.now())
                .execute();
            tx.sql()
                .update(SESSIONS)
                .set(SESSIONS.ORGANIZATION_ID, organization)
                .where(SESSIONS.USER_ID.eq(user))
                .execute();
          });
    }
    String cookie = "mainstay_session=" + bob.cookie().orElseThrow();
    TestClient browser = new TestClient(server.mainstay().url(), "");
    Set<String> managing = Set.of("keys:manage", "queues:operate", "instance:admin");
    int seen = 0;
    for (Operation operation : owned()) {
      if (managing.contains(operation.scope().orElse(""))) {
        assertThat(call(browser, operation, "Cookie", cookie).status())
            .as(operation.name())
            .isEqualTo(403);
      } else if (operation.method().equals("GET")) {
        TestClient.Answer answer = call(browser, operation, "Cookie", cookie);
        assertThat(answer.status()).as(operation.name()).isNotIn(401, 403);
        seen += answer.body().contains(CANARY) ? 1 : 0;
      }
    }
    assertThat(seen).isGreaterThan(5);
  }
}
