package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.redis.NodePeer;
import dev.mainstay.queue.redis.RedisConnections;
import dev.mainstay.queue.redis.RedisQueues;
import dev.mainstay.queue.redis.RedisServerProcess;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.SettingException;
import dev.mainstay.server.platform.Settings;
import dev.mainstay.server.platform.TestDatabases;
import dev.mainstay.server.queue.QueueName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues that a team has in Redis already: BullMQ in Node and the server share them. */
class PlainQueuesTest {
  private static final Duration DEADLINE = Duration.ofMinutes(1);

  @TempDir private Path directory;
  private RedisServerProcess redis;

  @BeforeEach
  void start() throws Exception {
    redis = RedisServerProcess.durable(Files.createDirectory(directory.resolve("redis")));
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  private Map<Setting, String> settings() {
    return Map.of(Setting.QUEUE, "redis", Setting.REDIS_URL, redis.uri());
  }

  private TestServer server() throws InterruptedException {
    return TestServer.start(directory, settings());
  }

  /** As {@link #settings}, with plain names for an organization. */
  private Map<Setting, String> settings(String organization) {
    Map<Setting, String> settings = new HashMap<>(settings());
    settings.put(Setting.QUEUE_ORGANIZATION, organization);
    return settings;
  }

  private Settings commandSettings() {
    return commandSettings(settings());
  }

  private Settings commandSettings(Map<Setting, String> settings) {
    Path data = directory.resolve("data");
    Map<String, String> values = new HashMap<>(TestDatabases.settings(data));
    values.put(Setting.DATA.variable(), data.toString());
    settings.forEach((setting, value) -> values.put(setting.variable(), value));
    return Settings.ofOnly(values);
  }

  private static JsonNode ok(TestClient.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    return answer.json();
  }

  private static List<String> names(TestClient client) throws Exception {
    return ok(client.get("/api/queues")).path("items").findValuesAsText("name");
  }

  private static void awaitState(TestClient client, String job, String state) {
    await()
        .atMost(DEADLINE)
        .until(() -> client.get(job).json().path("state").asText().equals(state));
  }

  @Test
  void aQueueThatNodeHasMadeIsShownAndWorkedByBoth() throws Exception {
    try (NodePeer node = NodePeer.start(redis, "bull", "invoices")) {
      node.run("await queue.add('first', { n: 1 }, { jobId: 'one' });");
      node.run("await queue.add('later', { n: 2 }, { jobId: 'two', delay: 3600000 });");
      try (TestServer server = server()) {
        TestClient client = server.client();
        await().atMost(DEADLINE).until(() -> names(client).contains("invoices"));
        JsonNode counts = ok(client.get("/api/queues/invoices")).path("counts");
        assertThat(counts.path("waiting").asInt()).isEqualTo(1);
        assertThat(counts.path("delayed").asInt()).isEqualTo(1);
        assertThat(ok(client.get("/api/queues/invoices/jobs")).path("items").findValuesAsText("id"))
            .containsExactlyInAnyOrder("one", "two");
        assertThat(
                ok(client.get("/api/queues/invoices/events?cursor=0"))
                        .path("items")
                        .findValuesAsText("event")
                        .toString()
                    + ok(client.get("/api/queues/invoices/events?cursor=0")).path("items"))
            .contains("added", "one", "two");

        // Ours to theirs.
        ok(
            client.post(
                "/api/queues/invoices/jobs", "{\"name\":\"ours\",\"opts\":{\"jobId\":\"three\"}}"));
        node.run(
            """
            state.worker = new bullmq.Worker(name, async (job) => 'node ' + job.name, { connection, prefix });
            await state.worker.waitUntilReady();""");
        awaitState(client, "/api/queues/invoices/jobs/three", "completed");
        awaitState(client, "/api/queues/invoices/jobs/one", "completed");
        assertThat(ok(client.get("/api/queues/invoices/jobs/three")).path("returnValue").asText())
            .isEqualTo("node ours");
        await()
            .atMost(DEADLINE)
            .until(
                () ->
                    client
                        .get("/api/queues/invoices/workers")
                        .json()
                        .path("items")
                        .findValuesAsText("library")
                        .contains("bullmq"));
        node.run("await state.worker.close();");

        // Theirs to ours.
        node.run("await queue.add('theirs', {}, { jobId: 'four' });");
        Process worker = work("invoices", "echo '\"java\"'");
        try {
          awaitState(client, "/api/queues/invoices/jobs/four", "completed");
        } finally {
          worker.destroyForcibly().waitFor();
        }
        assertThat(node.run("return (await queue.getJob('four')).returnvalue;")).isEqualTo("java");
      }
    }
  }

  private Process work(String queue, String command) throws Exception {
    Map<String, String> environment = new HashMap<>();
    settings().forEach((setting, value) -> environment.put(setting.variable(), value));
    return WorkProcess.start(directory, environment, queue, command);
  }

  @Test
  void onlyAskedForIsAQueueFoundBeforeAnyLook() throws Exception {
    try (TestServer server = server();
        NodePeer node = NodePeer.start(redis, "bull", "new-one")) {
      node.run("await queue.add('first', {}, { jobId: 'one' });");
      assertThat(ok(server.client().get("/api/queues/new-one/jobs/one")).path("state").asText())
          .isEqualTo("waiting");
      assertThat(server.client().get("/api/queues/none").status()).isEqualTo(404);
      assertThat(names(server.client())).contains("new-one").doesNotContain("none");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "bulk-actions"})
  void theServersOwnQueuesAreApart(String name) throws Exception {
    try (NodePeer node = NodePeer.start(redis, "bull", name)) {
      node.run("await queue.add('theirs', {}, { jobId: 'one' });");
      try (TestServer server = server()) {
        TestClient client = server.client();
        await().atMost(DEADLINE).until(() -> names(client).contains(name));
        // A bulk action is a job of the server's own queue.
        String path = "/api/queues/%s/bulk-actions".formatted(name);
        String action =
            ok(client.post(path, "{\"action\":\"promote\",\"state\":\"delayed\"}"))
                .path("id")
                .asText();
        await()
            .atMost(DEADLINE)
            .until(
                () ->
                    client
                        .get(path + "/" + action)
                        .json()
                        .path("status")
                        .asText()
                        .equals("completed"));
        assertThat(node.run("return await queue.getJobCounts('waiting', 'completed', 'failed');"))
            .isEqualTo(Map.of("waiting", 1L, "completed", 0L, "failed", 0L));
        assertThat(names(client)).containsExactly(name);
        assertThat(client.get("/api/queues/mainstay%2F" + name).status()).isIn(400, 404);
      }
    }
  }

  @Test
  void queuesOfOtherOrganizationsAreNeitherShownNorReached() throws Exception {
    try (TestServer server = server();
        NodePeer node = NodePeer.start(redis, "bull", "invoices")) {
      node.run("await queue.add('secret', {}, { jobId: 'one' });");
      TestClient owner = server.client();
      ok(owner.get("/api/queues/invoices"));
      String key;
      try (Database database = TestDatabases.open(directory.resolve("data"))) {
        key = OtherOrganization.key(database);
      }
      TestClient stranger = new TestClient(server.mainstay().url(), key);
      String id = ok(stranger.get("/api/me")).path("organizationId").asText();
      assertThat(names(stranger)).isEmpty();
      for (String path : List.of("", "/jobs", "/jobs/one", "/events", "/workers", "/schedulers")) {
        assertThat(stranger.get("/api/queues/invoices" + path).status()).as(path).isEqualTo(404);
      }
      ok(
          stranger.post(
              "/api/queues/invoices/jobs", "{\"name\":\"theirs\",\"opts\":{\"jobId\":\"two\"}}"));
      ok(stranger.post("/api/queues/hidden/jobs", "{\"name\":\"theirs\"}"));
      server.mainstay().queues().discover();
      assertThat(names(owner)).containsExactly("invoices");
      assertThat(owner.get("/api/queues/invoices/jobs/two").status()).isEqualTo(404);
      assertThat(stranger.get("/api/queues/invoices/jobs/one").status()).isEqualTo(404);
      for (String name : List.of(id + "%2Fhidden", id + "/hidden", "..%2Fhidden", "%2Fhidden")) {
        assertThat(owner.get("/api/queues/" + name + "/jobs").status()).as(name).isIn(400, 404);
      }
      assertThat(
              owner
                  .post("/api/flows", "{\"name\":\"x\",\"queueName\":\"%s/hidden\"}".formatted(id))
                  .status())
          .isEqualTo(400);
      assertThat(node.run("return (await queue.getWaitingCount());")).isEqualTo(1L);
    }
  }

  /** Before the first start of a server of this version. */
  private void beOlder() {
    ServerProcess.key(directory.resolve("data"), List.of());
    try (Database database = TestDatabases.open(directory.resolve("data"))) {
      database.execute(
          tx -> tx.sql().execute("insert into redis_naming (id, state) values (1, 'qualified')"));
    }
  }

  private static void fill(TestServer server) throws Exception {
    TestClient client = server.client();
    ok(
        client.post(
            "/api/flows",
            """
            {"name": "report", "queueName": "reports", "opts": {"jobId": "top"}, "children": [
              {"name": "page", "queueName": "pages", "opts": {"jobId": "done"}},
              {"name": "page", "queueName": "pages", "opts": {"jobId": "open"}}]}"""));
    String organization = client.get("/api/me").json().path("organizationId").asText();
    await()
        .atMost(DEADLINE)
        .until(
            () ->
                client
                    .get("/api/queues/pages/jobs/open")
                    .json()
                    .path("state")
                    .asText()
                    .equals("waiting"));
    try (Worker worker =
        server
            .mainstay()
            .queues()
            .open(new QueueName(organization, "pages"))
            .work(
                WorkerOptions.of("filler", 1),
                (job, context) -> {
                  if (job.id().equals("open")) {
                    throw new dev.mainstay.queue.DelayedException(
                        java.time.Instant.now().plus(Duration.ofHours(1)));
                  }
                  return "\"text\"";
                })) {
      awaitState(client, "/api/queues/pages/jobs/done", "completed");
      awaitState(client, "/api/queues/pages/jobs/open", "delayed");
    }
    ok(
        client.put(
            "/api/queues/reports/schedulers/daily",
            "{\"pattern\":\"0 9 * * *\",\"template\":{\"name\":\"r\"}}"));
  }

  private static void assertAllThere(TestClient client) throws Exception {
    assertThat(names(client)).containsExactly("pages", "reports");
    JsonNode children = ok(client.get("/api/queues/reports/jobs/top/dependencies")).path("items");
    assertThat(children.findValuesAsText("id")).containsExactly("done", "open");
    assertThat(children.findValuesAsText("state")).containsExactly("processed", "unprocessed");
    JsonNode schedulers = ok(client.get("/api/queues/reports/schedulers")).path("items");
    assertThat(schedulers).hasSize(1);
    assertThat(
            schedulers.path(0).path("next").isMissingNode()
                && schedulers.path(0).path("nextAt").isMissingNode())
        .isFalse();
    assertThat(ok(client.get("/api/queues/pages/events?cursor=0")).path("items").size())
        .isGreaterThan(3);
  }

  @Test
  void olderNamesStayUntilTheyAreMovedWithAllThatBelongsToThem() throws Exception {
    beOlder();
    try (NodePeer node = NodePeer.start(redis, "bull", "agent")) {
      node.run("await queue.close();");
    }
    try (TestServer server = server()) {
      fill(server);
      assertAllThere(server.client());
    }
    try (RedisConnections connections = RedisConnections.open(redis.uri())) {
      RedisQueues queues = new RedisQueues(connections, "bull");
      assertThat(queues.names(name -> name.endsWith("/pages"), 10)).hasSize(1);
      assertThat(queues.exists("agent")).isTrue();

      assertThat(PlainNames.use(commandSettings())).isEqualTo(4);
      assertThat(PlainNames.use(commandSettings())).isZero();
      assertThat(queues.names(name -> true, 10))
          .contains("pages", "reports", "mainstay/agent")
          .doesNotContain("agent");
    }
    try (TestServer server = server();
        NodePeer node = NodePeer.start(redis, "bull", "pages")) {
      TestClient client = server.client();
      assertAllThere(client);
      node.run(
          """
          state.worker = new bullmq.Worker(name, async (job) => 'node', { connection, prefix });
          await (await queue.getJob('open')).promote();""");
      awaitState(client, "/api/queues/pages/jobs/open", "completed");
      awaitState(client, "/api/queues/reports/jobs/top", "waiting");
      node.run("await state.worker.close();");
    }
  }

  @Test
  void aMoveThatWasKilledGoesOn() throws Exception {
    beOlder();
    String organization;
    try (TestServer server = server()) {
      fill(server);
      organization = server.client().get("/api/me").json().path("organizationId").asText();
    }
    try (RedisConnections connections = RedisConnections.open(redis.uri());
        Database database = TestDatabases.open(directory.resolve("data"))) {
      // As if it had died in the middle.
      database.execute(
          tx -> {
            int unused =
                tx.sql()
                    .execute(
                        "update redis_naming set state = 'moving', organization = '%s'"
                            .formatted(organization));
          });
      new RedisQueues(connections, "bull").rename(Map.of(organization + "/pages", "pages"));
      assertThatThrownBy(this::server)
          .isInstanceOf(SettingException.class)
          .hasMessageContaining("queue plain-names");
    }
    PlainNames.use(commandSettings());
    try (TestServer server = server()) {
      JsonNode children =
          ok(server.client().get("/api/queues/reports/jobs/top/dependencies")).path("items");
      assertThat(children.findValuesAsText("state")).containsExactly("processed", "unprocessed");
    }
  }

  @Test
  void nothingIsMovedWhileServersRunOrOverAQueueThatIsThere() throws Exception {
    beOlder();
    try (TestServer server = server();
        NodePeer node = NodePeer.start(redis, "bull", "pages")) {
      node.run("await queue.add('theirs', {});");
      fill(server);
      assertThatThrownBy(() -> PlainNames.use(commandSettings()))
          .isInstanceOfAny(SettingException.class, IllegalStateException.class)
          .hasMessageContaining("server");
    }
    assertThatThrownBy(() -> PlainNames.use(commandSettings()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has a queue pages already");
    try (TestServer server = server()) {
      assertAllThere(server.client());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "00000000-0000-0000-0000-000000000000"})
  void anOrganizationThatIsNotThereStopsTheStart(String wanted) {
    Map<Setting, String> settings = new HashMap<>(settings());
    settings.put(Setting.QUEUE_ORGANIZATION, wanted);
    assertThatThrownBy(() -> TestServer.start(directory, settings))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("MAINSTAY_QUEUE_ORGANIZATION")
        .hasMessageContaining(wanted);
  }

  @Test
  void noneHasPlainNamesIfNobodyShall() throws Exception {
    Map<Setting, String> settings = new HashMap<>(settings());
    settings.put(Setting.QUEUE_ORGANIZATION, "none");
    try (NodePeer node = NodePeer.start(redis, "bull", "invoices");
        TestServer server = TestServer.start(directory, settings)) {
      node.run("await queue.add('secret', {});");
      assertThat(server.client().get("/api/queues/invoices").status()).isEqualTo(404);
      ok(server.client().post("/api/queues/invoices/jobs", "{\"name\":\"ours\"}"));
      await()
          .atMost(DEADLINE)
          .until(
              () ->
                  server
                          .client()
                          .get("/api/queues/invoices")
                          .json()
                          .path("counts")
                          .path("waiting")
                          .asInt()
                      == 1);
      assertThat(node.run("return await queue.getWaitingCount();")).isEqualTo(1L);
    }
  }

  /** One job that waits, one that is delayed, one of a scheduler. */
  private static void addAlive(TestClient client, String queue) throws Exception {
    String path = "/api/queues/" + queue;
    ok(client.post(path + "/jobs", "{\"name\":\"a\",\"opts\":{\"jobId\":\"now\"}}"));
    ok(
        client.post(
            path + "/jobs", "{\"name\":\"a\",\"opts\":{\"jobId\":\"later\",\"delay\":3600000}}"));
    ok(
        client.put(
            path + "/schedulers/hourly",
            "{\"every\":3600000,\"offset\":1800000,\"template\":{\"name\":\"tick\"}}"));
    awaitState(client, path + "/jobs/now", "waiting");
    awaitState(client, path + "/jobs/later", "delayed");
  }

  /** The next job of the scheduler; it runs, and has been followed by another one. */
  private static String scheduled(TestClient client, String queue) throws Exception {
    JsonNode delayed = ok(client.get("/api/queues/%s/jobs?state=delayed".formatted(queue)));
    return delayed.path("items").findValuesAsText("id").stream()
        .filter(id -> id.startsWith("repeat:hourly:"))
        .reduce(
            (one, other) -> {
              throw new AssertionError("Two next jobs: " + one + ", " + other);
            })
        .orElseThrow();
  }

  /** All that {@link #addAlive} has left goes on, by a worker under the names of now. */
  private static void assertAlive(TestServer server, TestClient client, String queue)
      throws Exception {
    String path = "/api/queues/" + queue;
    String organization = ok(client.get("/api/me")).path("organizationId").asText();
    String tick = scheduled(client, queue);
    ok(client.post(path + "/jobs/later/promote", "{}"));
    ok(client.post(path + "/jobs/%s/promote".formatted(tick.replace(":", "%3A")), "{}"));
    try (Worker worker =
        server
            .mainstay()
            .queues()
            .open(new QueueName(organization, queue))
            .work(WorkerOptions.of("after", 1), (job, context) -> "1")) {
      for (String id : List.of("now", "later", tick.replace(":", "%3A"))) {
        awaitState(client, path + "/jobs/" + id, "completed");
      }
    }
    assertThat(scheduled(client, queue)).isNotEqualTo(tick);
    assertThat(ok(client.get(path + "/schedulers")).path("items")).hasSize(1);
  }

  @Test
  void plainNamesGoToAnotherOrganizationWithJobsThatAreAlive() throws Exception {
    String key;
    String other;
    try (TestServer server = server()) {
      fill(server);
      addAlive(server.client(), "mail");
      try (Database database = TestDatabases.open(directory.resolve("data"))) {
        key = OtherOrganization.key(database);
      }
      TestClient stranger = new TestClient(server.mainstay().url(), key);
      other = ok(stranger.get("/api/me")).path("organizationId").asText();
      addAlive(stranger, "theirs");
      ok(
          stranger.post(
              "/api/flows",
              """
              {"name": "a", "queueName": "theirs", "opts": {"jobId": "parent"}, "children": [
                {"name": "a", "queueName": "children", "opts": {"jobId": "child"}}]}"""));
      awaitState(stranger, "/api/queues/children/jobs/child", "waiting");
    }

    Settings command = commandSettings(settings(other));
    assertThatThrownBy(() -> TestServer.start(directory, settings(other)))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("queue plain-names");
    assertThat(PlainNames.use(command)).isPositive();
    assertThat(PlainNames.use(command)).isZero();

    try (TestServer server = TestServer.start(directory, settings(other));
        NodePeer node = NodePeer.start(redis, "bull", "theirs")) {
      TestClient stranger = new TestClient(server.mainstay().url(), key);
      assertThat(names(stranger))
          .containsExactlyInAnyOrder("children", "mail", "pages", "reports", "theirs");
      assertThat(names(server.client())).isEmpty();
      assertThat(server.client().get("/api/queues/mail/jobs/now").status()).isEqualTo(404);
      // Node finds them by their plain names.
      assertThat(node.run("return await queue.getJobCounts('waiting', 'delayed');"))
          .isEqualTo(Map.of("waiting", 1L, "delayed", 2L));
      assertAlive(server, stranger, "theirs");
      assertAlive(server, stranger, "mail");
      JsonNode children =
          ok(stranger.get("/api/queues/reports/jobs/top/dependencies")).path("items");
      assertThat(children.findValuesAsText("state")).containsExactly("processed", "unprocessed");
      try (Worker child =
              server
                  .mainstay()
                  .queues()
                  .open(new QueueName(other, "children"))
                  .work(WorkerOptions.of("child", 1), (job, context) -> "1");
          Worker parent =
              server
                  .mainstay()
                  .queues()
                  .open(new QueueName(other, "theirs"))
                  .work(
                      WorkerOptions.of("parent", 1),
                      (job, context) -> "" + context.childrenValues().size())) {
        awaitState(stranger, "/api/queues/theirs/jobs/parent", "completed");
      }
      assertThat(ok(stranger.get("/api/queues/theirs/jobs/parent")).path("returnValue").asInt())
          .isOne();

      // The owner's next queue of such a name is another one.
      ok(server.client().post("/api/queues/mail/jobs", "{\"name\":\"own\"}"));
      await()
          .atMost(DEADLINE)
          .until(
              () ->
                  server
                          .client()
                          .get("/api/queues/mail")
                          .json()
                          .path("counts")
                          .path("waiting")
                          .asInt()
                      == 1);
    }
  }

  @Test
  void aParentThatFailsNamesItsChildAsCallersKnowIt() throws Exception {
    try (TestServer server = server()) {
      String key;
      try (Database database = TestDatabases.open(directory.resolve("data"))) {
        key = OtherOrganization.key(database);
      }
      for (TestClient client :
          List.of(server.client(), new TestClient(server.mainstay().url(), key))) {
        String organization = ok(client.get("/api/me")).path("organizationId").asText();
        ok(
            client.post(
                "/api/flows",
                """
                {"name": "a", "queueName": "parents", "opts": {"jobId": "parent"}, "children": [
                  {"name": "a", "queueName": "children",
                   "opts": {"jobId": "child", "failParentOnFailure": true}}]}"""));
        awaitState(client, "/api/queues/children/jobs/child", "waiting");
        try (Worker child =
                server
                    .mainstay()
                    .queues()
                    .open(new QueueName(organization, "children"))
                    .work(
                        WorkerOptions.of("child", 1),
                        (job, context) -> {
                          throw new IllegalStateException("broken");
                        });
            Worker parent =
                server
                    .mainstay()
                    .queues()
                    .open(new QueueName(organization, "parents"))
                    .work(WorkerOptions.of("parent", 1), (job, context) -> "1")) {
          awaitState(client, "/api/queues/parents/jobs/parent", "failed");
        }
        assertThat(ok(client.get("/api/queues/parents/jobs/parent")).path("failedReason").asText())
            .isEqualTo("child children:child failed");
        for (String path : List.of("jobs?state=failed", "events?cursor=0", "jobs/parent/events")) {
          assertThat(client.get("/api/queues/parents/" + path).body())
              .as(path)
              .contains("child children:child failed")
              .doesNotContain("bull:", organization);
        }
      }
    }
  }
}
