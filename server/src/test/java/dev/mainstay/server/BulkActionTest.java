package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.queue.JobHandler;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.UnrecoverableException;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.TestDatabases;
import dev.mainstay.server.queue.QueueName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is done to all jobs of a queue that match. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BulkActionTest {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private Path directory;
  private TestServer server;
  private TestClient client;
  private String organization;

  /**
   * Where the jobs are.
   *
   * @param instance of servers that know each other
   */
  Map<Setting, String> settings(int instance) {
    return Map.of();
  }

  @BeforeAll
  void start(@TempDir Path shared) throws Exception {
    directory = shared;
    server = TestServer.start(directory, settings(0));
    client = server.client();
    organization = client.get("/api/me").json().path("organizationId").asText();
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
  }

  private static JsonNode ok(TestClient.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    return answer.json();
  }

  private static void refused(TestClient.Answer answer, int status, String field) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.json().path("errors").path(0).path("field").asText()).isEqualTo(field);
  }

  /** A queue of its own. */
  private final class Queue {
    final String name = "bulk" + NAMES.incrementAndGet();
    final String path = "/api/queues/" + name;
    final String actions = path + "/bulk-actions";

    TaskQueue jobs() {
      return server.mainstay().queues().open(new QueueName(organization, name));
    }

    /** Adds jobs whose numbers are in their data; every third is called odd, the others mail. */
    Queue add(int count, String opts) throws Exception {
      BulkActionTest.add(client, path, count, opts);
      return this;
    }

    /** Runs all jobs. */
    Queue run(int count, JobHandler handler) {
      AtomicInteger ended = new AtomicInteger();
      try (Worker worker =
          jobs()
              .work(
                  WorkerOptions.of("test", 20),
                  (job, context) -> {
                    ended.incrementAndGet();
                    return handler.handle(job, context);
                  })) {
        await().atMost(PATIENCE).until(() -> ended.get() >= count && worker.active() == 0);
      }
      return this;
    }

    JsonNode act(String body) throws Exception {
      return ok(client.post(actions, body));
    }

    JsonNode awaitEnd(JsonNode action) {
      String id = action.path("id").asText();
      return await()
          .atMost(PATIENCE)
          .until(() -> ok(client.get(actions + "/" + id)), now -> now.hasNonNull("finishedAt"));
    }

    JsonNode done(String body) throws Exception {
      JsonNode action = awaitEnd(act(body));
      assertThat(action.path("status").asText()).as(action.toString()).isEqualTo("completed");
      return action;
    }

    long count(String state) throws Exception {
      return ok(client.get(path)).path("counts").path(state).asLong();
    }
  }

  private static void add(TestClient client, String path, int count, String opts) throws Exception {
    for (int from = 0; from < count; from += 1000) {
      ok(client.post(path + "/jobs", jobList(from, Math.min(count, from + 1000), opts)));
    }
  }

  private static String jobList(int from, int to, String opts) {
    return IntStream.range(from, to)
        .mapToObj(
            i ->
                "{\"name\":\"%s\",\"data\":{\"number\":\"#%d#\"},\"opts\":%s}"
                    .formatted(i % 3 == 0 ? "odd" : "mail", i, opts))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static void counts(JsonNode action, long total, long changed, long skipped) {
    assertThat(action.path("total").asLong()).as(action.toString()).isEqualTo(total);
    assertThat(action.path("scanned").asLong()).as(action.toString()).isEqualTo(total);
    assertThat(action.path("changed").asLong()).as(action.toString()).isEqualTo(changed);
    assertThat(action.path("skipped").asLong()).as(action.toString()).isEqualTo(skipped);
  }

  @Test
  void retriesFailedJobsOfANameOverPages() throws Exception {
    Queue queue =
        new Queue()
            .add(240, "{}")
            .run(
                240,
                (job, context) -> {
                  throw new UnrecoverableException("no such address");
                });
    TestClient.Answer answer =
        client.post(
            queue.actions,
            "{\"action\":\"retry\",\"state\":\"failed\",\"name\":\"odd\",\"text\":\"SUCH addr\"}");
    JsonNode made = ok(answer);
    assertThat(answer.status()).isEqualTo(201);
    String location = queue.actions + "/" + made.path("id").asText();
    assertThat(answer.response().headers().firstValue("Location")).hasValue(location);
    assertThat(made.path("status").asText()).isEqualTo("queued");
    assertThat(made.path("createdBy").asText())
        .isEqualTo(client.get("/api/me").json().path("userId").asText());

    JsonNode action = queue.awaitEnd(made);

    counts(action, 240, 80, 0);
    assertThat(action.path("name").asText()).isEqualTo("odd");
    Instant started = Instant.parse(action.path("startedAt").asText());
    assertThat(started).isAfterOrEqualTo(Instant.parse(action.path("createdAt").asText()));
    assertThat(started).isBeforeOrEqualTo(Instant.parse(action.path("finishedAt").asText()));
    assertThat(queue.count("waiting")).isEqualTo(80);
    assertThat(queue.count("failed")).isEqualTo(160);
    assertThat(ok(client.get(queue.path + "/jobs?state=failed&name=odd")).path("items")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "remove, waiting, ''",
    "remove, delayed, ''",
    "cancel, waiting, failed",
    "cancel, delayed, failed",
    "promote, delayed, waiting"
  })
  void changesJobsThatHaveNotRun(String act, String state, String after) throws Exception {
    Queue queue = new Queue().add(90, state.equals("delayed") ? "{\"delay\":600000}" : "{}");
    JsonNode action =
        queue.done("{\"action\":\"%s\",\"state\":\"%s\",\"name\":\"mail\"}".formatted(act, state));
    counts(action, 90, 60, 0);
    assertThat(queue.count(state)).isEqualTo(30);
    if (!after.isEmpty()) {
      assertThat(queue.count(after)).isEqualTo(60);
    }
    assertThat(ok(client.get(queue.path + "/jobs?name=odd")).path("items")).hasSize(30);
  }

  @Test
  void removesAmongJobsOfPriorities() throws Exception {
    Queue queue = new Queue().add(60, "{}").add(60, "{\"priority\":7}");
    counts(queue.done("{\"action\":\"remove\",\"state\":\"waiting\",\"text\":\"#5#\"}"), 120, 2, 0);
    counts(queue.done("{\"action\":\"remove\",\"state\":\"waiting\"}"), 118, 118, 0);
    assertThat(queue.count("waiting")).isZero();
  }

  @Test
  void retriesAndRemovesCompletedJobs() throws Exception {
    Queue queue = new Queue().add(60, "{}").run(60, (job, context) -> "");
    counts(queue.done("{\"action\":\"retry\",\"state\":\"completed\",\"text\":\"#1\"}"), 60, 11, 0);
    assertThat(queue.count("waiting")).isEqualTo(11);
    counts(queue.done("{\"action\":\"remove\",\"state\":\"completed\"}"), 49, 49, 0);
    assertThat(queue.count("completed")).isZero();
    assertThat(queue.count("waiting")).isEqualTo(11);
  }

  @Test
  void cancelsActiveJobsWithTheReason() throws Exception {
    Queue queue = new Queue().add(30, "{\"attempts\":3}");
    CountDownLatch running = new CountDownLatch(30);
    try (Worker worker =
        queue
            .jobs()
            .work(
                WorkerOptions.of("test", 30),
                (job, context) -> {
                  running.countDown();
                  new CountDownLatch(1).await();
                  return "";
                })) {
      running.await();
      JsonNode action =
          queue.done(
              "{\"action\":\"cancel\",\"state\":\"active\",\"name\":\"odd\",\"reason\":\"too dear\"}");
      counts(action, 30, 10, 0);
      await().atMost(PATIENCE).until(() -> queue.count("failed") == 10);
      assertThat(worker.active()).isEqualTo(20);
    }
    for (JsonNode job : ok(client.get(queue.path + "/jobs?state=failed")).path("items")) {
      assertThat(job.path("name").asText()).isEqualTo("odd");
      assertThat(job.path("failedReason").asText()).isEqualTo("canceled: too dear");
    }
  }

  @Test
  void aRetriedJobThatFailsAgainIsNotRetriedTwice() throws Exception {
    Queue queue =
        new Queue()
            .add(40, "{}")
            .run(
                40,
                (job, context) -> {
                  throw new UnrecoverableException("first");
                });
    AtomicInteger again = new AtomicInteger();
    try (Worker worker =
        queue
            .jobs()
            .work(
                WorkerOptions.of("test", 20),
                (job, context) -> {
                  again.incrementAndGet();
                  throw new UnrecoverableException("again");
                })) {
      JsonNode action = queue.done("{\"action\":\"retry\",\"state\":\"failed\"}");
      assertThat(action.path("changed").asLong()).isEqualTo(40);
      await().atMost(PATIENCE).until(() -> queue.count("failed") == 40 && worker.active() == 0);
    }
    assertThat(again).hasValue(40);
  }

  @Test
  void refusesWhatMakesNoSense() throws Exception {
    Queue queue = new Queue().add(1, "{}");
    String form = "{\"action\":\"%s\",\"state\":\"%s\"}";
    for (String wrong :
        new String[] {"retry waiting", "promote failed", "cancel completed", "remove active"}) {
      Object[] parts = wrong.split(" ");
      refused(client.post(queue.actions, form.formatted(parts)), 400, "state");
    }
    refused(client.post(queue.actions, "{\"action\":\"retry\"}"), 400, "state");
    refused(client.post(queue.actions, form.formatted("explode", "failed")), 400, "action");
    String retry = "{\"action\":\"retry\",\"state\":\"failed\",\"%s\":\"%s\"}";
    refused(client.post(queue.actions, retry.formatted("reason", "because")), 400, "reason");
    refused(client.post(queue.actions, retry.formatted("text", "x".repeat(201))), 400, "text");
    refused(client.post(queue.actions, retry.formatted("text", "")), 400, "text");
    refused(client.post(queue.actions, retry.formatted("name", "x".repeat(1001))), 400, "name");
    refused(
        client.post(
            queue.actions,
            "{\"action\":\"cancel\",\"state\":\"waiting\",\"reason\":\"%s\"}"
                .formatted("x".repeat(1001))),
        400,
        "reason");
    assertThat(
            client
                .post("/api/queues/nowhere/bulk-actions", form.formatted("retry", "failed"))
                .status())
        .isEqualTo(404);
    assertThat(client.get("/api/queues/nowhere/bulk-actions").status()).isEqualTo(404);
    assertThat(ok(client.get(queue.actions)).path("items")).isEmpty();
  }

  @Test
  void listsTheNewestFirstAndOneKeyMakesOne() throws Exception {
    Queue queue = new Queue().add(3, "{}");
    String remove = "{\"action\":\"remove\",\"state\":\"waiting\",\"name\":\"mail\"}";
    JsonNode first = ok(client.post(queue.actions, remove, "Idempotency-Key", "k"));
    assertThat(ok(client.post(queue.actions, remove, "Idempotency-Key", "k")).path("id"))
        .isEqualTo(first.path("id"));
    queue.awaitEnd(first);
    JsonNode second = queue.done("{\"action\":\"remove\",\"state\":\"waiting\"}");
    JsonNode page = ok(client.get(queue.actions + "?limit=1"));
    assertThat(page.path("items").path(0)).isEqualTo(second);
    JsonNode next =
        ok(client.get(queue.actions + "?limit=1&cursor=" + page.path("nextCursor").asText()));
    assertThat(next.path("items").path(0).path("id")).isEqualTo(first.path("id"));
    assertThat(next.hasNonNull("nextCursor")).isFalse();

    TestClient.Answer late =
        client.post(queue.actions + "/" + first.path("id").asText() + "/cancel", "");
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.json().path("detail").asText()).isEqualTo("It is completed");
  }

  @Test
  void actionsOfOthersAreNotThere() throws Exception {
    Queue queue = new Queue().add(3, "{}");
    String id = queue.done("{\"action\":\"remove\",\"state\":\"waiting\"}").path("id").asText();
    Queue other = new Queue().add(1, "{}");
    assertThat(client.get(other.actions + "/" + id).status()).isEqualTo(404);
    TestClient stranger;
    try (Database database = TestDatabases.open(directory.resolve("data"))) {
      stranger = new TestClient(server.mainstay().url(), OtherOrganization.key(database));
    }
    assertThat(stranger.get(queue.actions).status()).isEqualTo(404);
    assertThat(stranger.get(queue.actions + "/" + id).status()).isEqualTo(404);
    assertThat(stranger.post(queue.actions + "/" + id + "/cancel", "").status()).isEqualTo(404);
    add(stranger, queue.path, 2, "{}");
    queue.add(3, "{}");
    JsonNode theirs =
        ok(stranger.post(queue.actions, "{\"action\":\"remove\",\"state\":\"waiting\"}"));
    String mine = queue.actions + "/" + theirs.path("id").asText();
    await().until(() -> ok(stranger.get(mine)).path("status").asText().equals("completed"));
    assertThat(client.get(mine).status()).isEqualTo(404);
    assertThat(queue.count("waiting")).isEqualTo(3);
  }

  @Test
  void aCanceledOneStops() throws Exception {
    Queue queue = new Queue().add(20_000, "{}");
    JsonNode action = queue.act("{\"action\":\"remove\",\"state\":\"waiting\"}");
    String path = queue.actions + "/" + action.path("id").asText();
    await().atMost(PATIENCE).until(() -> ok(client.get(path)).path("changed").asLong() > 0);
    JsonNode canceled = ok(client.post(path + "/cancel", ""));
    assertThat(canceled.path("status").asText()).isEqualTo("canceled");
    // It hears of it as it writes how far it is.
    AtomicLong before = new AtomicLong();
    await()
        .pollInterval(Duration.ofMillis(600))
        .atMost(PATIENCE)
        .until(() -> queue.count("waiting") == before.getAndSet(queue.count("waiting")));
    assertThat(before).hasPositiveValue();
    assertThat(client.post(path + "/cancel", "").status()).isEqualTo(409);
  }

  @Test
  void goesWithItsQueue() throws Exception {
    Queue queue = new Queue().add(2000, "{}");
    JsonNode action = queue.act("{\"action\":\"cancel\",\"state\":\"waiting\"}");
    assertThat(client.delete(queue.path + "?force=true").status()).isEqualTo(204);
    assertThat(client.get(queue.actions + "/" + action.path("id").asText()).status())
        .isEqualTo(404);
    queue.add(1, "{}");
    assertThat(ok(client.get(queue.actions)).path("items")).isEmpty();
    assertThat(queue.done("{\"action\":\"remove\",\"state\":\"waiting\"}").path("changed").asLong())
        .isEqualTo(1);
  }

  /** A server without workers keeps what it is asked; jobs that come later are left alone. */
  @Test
  void waitsForAWorkerAndTouchesOnlyWhatWasThere(@TempDir Path other) throws Exception {
    String path = "/api/queues/later";
    String remove = "{\"action\":\"remove\",\"state\":\"waiting\"}";
    String key;
    String id;
    Map<Setting, String> web = new HashMap<>(settings(1));
    web.put(Setting.ROLES, "web");
    try (TestServer first = TestServer.start(other, web)) {
      key = first.key();
      add(first.client(), path, 5, "{}");
      JsonNode action = ok(first.client().post(path + "/bulk-actions", remove));
      id = action.path("id").asText();
      Instant made = Instant.parse(action.path("createdAt").asText());
      await().until(() -> Instant.now().isAfter(made.plusMillis(1)));
      ok(first.client().post(path + "/jobs", "{\"name\":\"new\"}"));
      for (int i = 1; i < 5; i++) {
        ok(
            first
                .client()
                .post(path + "/bulk-actions", "{\"action\":\"retry\",\"state\":\"failed\"}"));
      }
      TestClient.Answer sixth = first.client().post(path + "/bulk-actions", remove);
      assertThat(sixth.status()).isEqualTo(409);
      assertThat(sixth.json().path("type").asText()).contains("too-many-bulk-actions");
      assertThat(ok(first.client().get(path + "/bulk-actions/" + id)).path("status").asText())
          .isEqualTo("queued");
    }
    try (TestServer second = TestServer.start(other, settings(1))) {
      TestClient again = new TestClient(second.mainstay().url(), key);
      JsonNode action =
          await()
              .atMost(PATIENCE)
              .until(
                  () -> ok(again.get(path + "/bulk-actions/" + id)),
                  now -> now.hasNonNull("finishedAt"));
      counts(action, 6, 5, 0);
      JsonNode left = ok(again.get(path + "/jobs")).path("items");
      assertThat(left).hasSize(1);
      assertThat(left.path(0).path("name").asText()).isEqualTo("new");
    }
  }

  @Test
  void goesOnAfterItsServerWasKilled(@TempDir Path other) throws Exception {
    Map<String, String> environment = new HashMap<>();
    settings(2).forEach((setting, value) -> environment.put(setting.variable(), value));
    String path = "/api/queues/killed";
    try (ServerProcess killed = ServerProcess.start(other, environment)) {
      add(killed.client(), path, 4000, "{\"delay\":3600000}");
      String one =
          path
              + "/bulk-actions/"
              + ok(killed
                      .client()
                      .post(
                          path + "/bulk-actions",
                          "{\"action\":\"cancel\",\"state\":\"delayed\",\"name\":\"mail\"}"))
                  .path("id")
                  .asText();
      await()
          .atMost(PATIENCE)
          .until(() -> ok(killed.client().get(one)).path("changed").asLong() > 0);
      killed.kill();
      killed.start();
      JsonNode action =
          await()
              .atMost(PATIENCE)
              .until(() -> ok(killed.client().get(one)), now -> now.hasNonNull("finishedAt"));
      assertThat(action.path("status").asText()).as(action.toString()).isEqualTo("completed");
      JsonNode jobs = ok(killed.client().get(path)).path("counts");
      assertThat(jobs.path("delayed").asLong()).isEqualTo(1334);
      assertThat(action.path("changed").asLong()).isBetween(1L, 2666L);
    }
  }
}
