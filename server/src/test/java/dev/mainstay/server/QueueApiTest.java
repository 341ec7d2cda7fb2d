package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.queue.JobHandler;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.UnrecoverableException;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.TestDatabases;
import dev.mainstay.server.queue.QueueName;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues over HTTP. */
class QueueApiTest {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final String JOB = "{\"name\":\"mail\",\"data\":{\"to\":\"ü@x\"}}";

  @TempDir static Path directory;
  private static TestServer server;
  private static TestClient client;
  private static String organization;

  private final String name = "q" + NAMES.incrementAndGet();
  private final String path = "/api/queues/" + name;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, Map.of(Setting.ROLES, "web"));
    client = server.client();
    organization = client.get("/api/me").json().path("organizationId").asText();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private TaskQueue queue() {
    return server.mainstay().queues().open(new QueueName(organization, name));
  }

  private Worker work(JobHandler handler) {
    return queue().work(WorkerOptions.of("test-" + name, 1), handler);
  }

  /** Its handlers end when they are interrupted. */
  private Worker workForever(CountDownLatch started) {
    return work(
        (job, context) -> {
          started.countDown();
          new CountDownLatch(1).await();
          return "";
        });
  }

  private static JsonNode ok(TestClient.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    return answer.json();
  }

  private JsonNode add(String body) throws Exception {
    return ok(client.post(path + "/jobs", body));
  }

  private String id(String body) throws Exception {
    return add(body).path("id").asText();
  }

  private JsonNode job(String id) throws Exception {
    return ok(client.get(path + "/jobs/" + id));
  }

  private void awaitState(String id, String state) {
    await().until(() -> job(id).path("state").asText().equals(state));
  }

  private static void refused(TestClient.Answer answer, int status, String field) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.response().headers().firstValue("Content-Type").orElse(""))
        .isEqualTo("application/problem+json");
    assertThat(answer.json().path("errors").path(0).path("field").asText()).isEqualTo(field);
  }

  @Test
  void jobIsAddedReadAndRun() throws Exception {
    TestClient.Answer answer =
        client.post(
            path + "/jobs",
            """
            {"name": "mail", "data": {"to": "ü@x", "n": 12345678901234567890, "f": 1.5}, "opts": {
              "jobId": "a:1", "priority": "P1", "attempts": 3, "lifo": true, "timeout": 60000,
              "backoff": {"type": "exponential", "delay": 1000, "jitter": 0.5},
              "removeOnComplete": {"age": 60, "count": 5}, "removeOnFail": false, "keepLogs": 7, "stackTraceLimit": 2,
              "group": {"id": "tenant:1"}, "units": 900}}
            """);
    JsonNode added = ok(answer);
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.response().headers().firstValue("Location")).hasValue(path + "/jobs/a:1");
    assertThat(added.path("state").asText()).isEqualTo("waiting");
    assertThat(added.path("data").toString())
        .isEqualTo("{\"to\":\"ü@x\",\"n\":12345678901234567890,\"f\":1.5}");
    assertThat(added.path("opts"))
        .isEqualTo(
            Json.read(
                """
                {"priority": 1, "delay": 0, "attempts": 3, "lifo": true, "timeout": 60000,
                 "backoff": {"type": "exponential", "delay": 1000, "jitter": 0.5},
                 "removeOnComplete": {"age": 60, "count": 5}, "removeOnFail": {},
                 "keepLogs": 7, "stackTraceLimit": 2,
                 "group": {"id": "tenant:1"}, "units": 900}"""));
    assertThat(job("a:1")).isEqualTo(added);
    try (Worker worker =
        work(
            (job, context) -> {
              context.updateProgress("50");
              context.log("half");
              return "{\"sent\":true}";
            })) {
      awaitState("a:1", "completed");
    }
    JsonNode done = job("a:1");
    assertThat(done.path("returnValue").path("sent").asBoolean()).isTrue();
    assertThat(done.path("progress").asInt()).isEqualTo(50);
    assertThat(done.path("attemptsMade").asInt()).isEqualTo(1);
    assertThat(done.path("processedBy").asText()).isEqualTo("test-" + name);
    assertThat(done.hasNonNull("finishedAt")).isTrue();
    assertThat(ok(client.get(path + "/jobs/a:1/logs")).path("items"))
        .isEqualTo(Json.read("[{\"text\":\"half\"}]"));
  }

  @Test
  void sameIdGivesTheJobThatIsThere() throws Exception {
    String job = "{\"name\":\"%s\",\"opts\":{\"jobId\":\"one\"}}";
    JsonNode first = add(job.formatted("first"));
    assertThat(add(job.formatted("second"))).isEqualTo(first);
    assertThat(first.path("data").isNull()).isTrue();
  }

  @Test
  void idempotencyKeyHoldsForOneQueue() throws Exception {
    String[] key = {"Idempotency-Key", "once"};
    JsonNode first = ok(client.post(path + "/jobs", JOB, key));
    assertThat(ok(client.post(path + "/jobs", JOB, key)).toString()).isEqualTo(first.toString());
    assertThat(client.post(path + "/jobs", "{\"name\":\"else\"}", key).status()).isEqualTo(409);
    JsonNode other = ok(client.post(path + "-other/jobs", JOB, key));
    assertThat(other.path("id")).isNotEqualTo(first.path("id"));
    assertThat(ok(client.get(path)).path("counts").path("waiting").asInt()).isEqualTo(1);
  }

  @Test
  void listIsAddedAllOrNone() throws Exception {
    JsonNode added = add("[" + JOB + "," + JOB + "]");
    assertThat(added.isArray()).isTrue();
    assertThat(added).hasSize(2);
    assertThat(add("[" + JOB + "]").isArray()).isTrue();
    refused(client.post(path + "/jobs", "[" + JOB + ",{\"name\":\"\"}]"), 400, "[1].name");
    refused(
        client.post(path + "/jobs", "[" + JOB + ",{\"name\":\"x\",\"opts\":{\"priority\":-1}}]"),
        400,
        "[1].opts.priority");
    refused(client.post(path + "/jobs", "[]"), 400, "body");
    refused(client.post(path + "/jobs", "[null]"), 400, "[0]");
    refused(
        client.post(path + "/jobs", "[" + "{\"name\":\"x\"},".repeat(1000) + JOB + "]"),
        400,
        "body");
    assertThat(ok(client.get(path)).path("counts").path("waiting").asInt()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "body | 1",
        "body | \"x\"",
        "body | null",
        "name | {}",
        "name | {'name': ''}",
        "name | {'name': 1}",
        "name | {'name': 'a\\u0000b'}",
        "priorty | {'name': 'x', 'priorty': 1}",
        "opts | {'name': 'x', 'opts': []}",
        "opts.repeat | {'name': 'x', 'opts': {'repeat': {}}}",
        "opts.jobId | {'name': 'x', 'opts': {'jobId': ''}}",
        "opts.jobId | {'name': 'x', 'opts': {'jobId': '..'}}",
        "opts.jobId | {'name': 'x', 'opts': {'jobId': 'a/b'}}",
        "opts.jobId | {'name': 'x', 'opts': {'jobId': 'a\\nb'}}",
        "opts.priority | {'name': 'x', 'opts': {'priority': 'P4'}}",
        "opts.priority | {'name': 'x', 'opts': {'priority': 2097152}}",
        "opts.priority | {'name': 'x', 'opts': {'priority': 1.5}}",
        "opts.priority | {'name': 'x', 'opts': {'priority': {}}}",
        "opts.delay | {'name': 'x', 'opts': {'delay': -1}}",
        "opts.delay | {'name': 'x', 'opts': {'delay': 1e3}}",
        "opts.delay | {'name': 'x', 'opts': {'delay': 9999999999999999}}",
        "opts.attempts | {'name': 'x', 'opts': {'attempts': 0}}",
        "opts.attempts | {'name': 'x', 'opts': {'attempts': 99999999999}}",
        "opts.backoff | {'name': 'x', 'opts': {'backoff': -5}}",
        "opts.backoff.type | {'name': 'x', 'opts': {'backoff': {}}}",
        "opts.backoff | {'name': 'x', 'opts': {'backoff': {'type': ''}}}",
        "opts.backoff.delay | {'name': 'x', 'opts': {'backoff': {'type': 'fixed', 'delay': 'x'}}}",
        "opts.backoff.jitter | {'name': 'x', 'opts': {'backoff': {'type': 'fixed', 'jitter': 'x'}}}",
        "opts.backoff | {'name': 'x', 'opts': {'backoff': {'type': 'fixed', 'jitter': 2}}}",
        "opts.backoff.wait | {'name': 'x', 'opts': {'backoff': {'type': 'fixed', 'wait': 2}}}",
        "opts.lifo | {'name': 'x', 'opts': {'lifo': 'yes'}}",
        "opts.timeout | {'name': 'x', 'opts': {'timeout': 0}}",
        "opts.removeOnComplete | {'name': 'x', 'opts': {'removeOnComplete': -1}}",
        "opts.removeOnComplete | {'name': 'x', 'opts': {'removeOnComplete': 'all'}}",
        "opts.removeOnComplete.count | {'name': 'x', 'opts': {'removeOnComplete': {'count': -1}}}",
        "opts.removeOnFail.age | {'name': 'x', 'opts': {'removeOnFail': {'age': 1e30}}}",
        "opts.removeOnFail.keep | {'name': 'x', 'opts': {'removeOnFail': {'keep': 1}}}",
        "opts.keepLogs | {'name': 'x', 'opts': {'keepLogs': 10001}}",
        "opts.stackTraceLimit | {'name': 'x', 'opts': {'stackTraceLimit': 101}}",
        "opts.group | {'name': 'x', 'opts': {'group': 'a'}}",
        "opts.group.id | {'name': 'x', 'opts': {'group': {}}}",
        "opts.group.id | {'name': 'x', 'opts': {'group': {'id': 'a/b'}}}",
        "opts.group.maxSize | {'name': 'x', 'opts': {'group': {'id': 'a', 'maxSize': 1}}}",
        "opts.units | {'name': 'x', 'opts': {'units': 0}}",
        "opts.deduplication.id | {'name': 'x', 'opts': {'deduplication': {}}}",
        "opts.deduplication.id | {'name': 'x', 'opts': {'deduplication': {'id': ''}}}",
        "opts.deduplication.ttl | {'name': 'x', 'opts': {'deduplication': {'id': 'a', 'ttl': 0}}}",
        "opts.deduplication.mode | {'name': 'x', 'opts': {'deduplication': {'id': 'a', 'mode': 1}}}",
      })
  void wrongJobIsRefusedByField(String field, String json) throws Exception {
    refused(client.post(path + "/jobs", json.replace('\'', '"')), 400, field);
    assertThat(client.get(path).status()).isEqualTo(404);
  }

  @Test
  void tooMuchIsRefused() throws Exception {
    refused(client.post(path + "/jobs", "{\"name\":\"" + "x".repeat(256) + "\"}"), 400, "name");
    String big = "{\"name\":\"x\",\"data\":\"" + "y".repeat(1024 * 1024) + "\"}";
    assertThat(client.post(path + "/jobs", big).status()).isEqualTo(413);
    String deep = "{\"name\":\"x\",\"data\":" + "[".repeat(100) + "]".repeat(100) + "}";
    assertThat(client.post(path + "/jobs", deep).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-x", ".x", "a%20b", "a%00b", "ä", "a:b", "a%2Fb", "%2e%2e"})
  void wrongQueueNamesAreRefused(String wrong) throws Exception {
    String jobs = "/api/queues/" + wrong + "/jobs";
    assertThat(client.post(jobs, JOB).status()).isBetween(400, 404);
    assertThat(client.get(jobs).status()).isBetween(400, 404);
  }

  @Test
  void queueNameHasALimit() throws Exception {
    ok(client.post("/api/queues/" + "n".repeat(100) + "/jobs", JOB));
    refused(client.post("/api/queues/" + "n".repeat(101) + "/jobs", JOB), 400, "queue");
  }

  @Test
  void delayedJobIsPromoted() throws Exception {
    String id = id("{\"name\":\"x\",\"opts\":{\"delay\":3600000}}");
    assertThat(job(id).path("state").asText()).isEqualTo("delayed");
    assertThat(job(id).hasNonNull("runAt")).isTrue();
    assertThat(ok(client.post(path + "/jobs/" + id + "/promote", "")).path("state").asText())
        .isEqualTo("waiting");
    TestClient.Answer again = client.post(path + "/jobs/" + id + "/promote", "");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.json().path("type").asText()).endsWith(":job-state");
    id("{\"name\":\"x\",\"opts\":{\"delay\":3600000}}");
    assertThat(ok(client.post(path + "/promote-delayed", "")).path("count").asInt()).isEqualTo(1);
  }

  @Test
  void failedJobIsRetriedAlone() throws Exception {
    String id = id(JOB);
    try (Worker worker =
        work(
            (job, context) -> {
              throw new UnrecoverableException("broken");
            })) {
      awaitState(id, "failed");
    }
    assertThat(job(id).path("failedReason").asText()).contains("broken");
    assertThat(job(id).path("stackTraces").path(0).asText()).contains("UnrecoverableException");
    assertThat(ok(client.post(path + "/jobs/" + id + "/retry", "")).path("state").asText())
        .isEqualTo("waiting");
    assertThat(client.post(path + "/jobs/" + id + "/retry", "").status()).isEqualTo(409);
    try (Worker worker = work((job, context) -> "")) {
      awaitState(id, "completed");
    }
    assertThat(ok(client.post(path + "/retry-failed", "")).path("count").asInt()).isZero();
    String completed = "{\"state\":\"completed\"}";
    assertThat(ok(client.post(path + "/retry-failed", completed)).path("count").asInt())
        .isEqualTo(1);
    refused(client.post(path + "/retry-failed", "{\"state\":\"waiting\"}"), 400, "state");
    refused(client.post(path + "/retry-failed", "{\"state\":\"none\"}"), 400, "state");
  }

  @Test
  void runningJobIsCanceled() throws Exception {
    String id = id(JOB);
    CountDownLatch started = new CountDownLatch(1);
    try (Worker worker = workForever(started)) {
      started.await();
      assertThat(client.delete(path + "/jobs/" + id).status()).isEqualTo(409);
      JsonNode canceled =
          ok(client.post(path + "/jobs/" + id + "/cancel", "{\"reason\":\"no more\"}"));
      assertThat(canceled.path("state").asText()).isIn("active", "failed");
      awaitState(id, "failed");
    }
    assertThat(job(id).path("failedReason").asText()).isEqualTo("canceled: no more");
    assertThat(client.post(path + "/jobs/" + id + "/cancel", "").status()).isEqualTo(409);
    refused(
        client.post(path + "/jobs/" + id + "/cancel", "{\"reason\":\"" + "x".repeat(1001) + "\"}"),
        400,
        "reason");
    assertThat(client.delete(path + "/jobs/" + id).status()).isEqualTo(204);
    assertThat(client.get(path + "/jobs/" + id).status()).isEqualTo(404);
    assertThat(client.delete(path + "/jobs/" + id).status()).isEqualTo(404);
  }

  @Test
  void jobsAreDeduplicated() throws Exception {
    String body =
        """
        {"name": "x", "opts": {"jobId": "%s", "deduplication": {"id": "d", "ttl": 60000, "extend": true}}}""";
    assertThat(id(body.formatted("first"))).isEqualTo("first");
    assertThat(id(body.formatted("second"))).isEqualTo("first");
    assertThat(job("first").path("opts").path("deduplication"))
        .isEqualTo(Json.read("{\"id\":\"d\",\"ttl\":60000,\"extend\":true}"));
    String path = this.path + "/deduplications/d";
    assertThat(ok(client.get(path)).path("id").asText()).isEqualTo("first");
    assertThat(client.delete(path).status()).isEqualTo(204);
    assertThat(client.delete(path).status()).isEqualTo(404);
    assertThat(client.get(path).status()).isEqualTo(404);
    assertThat(id(body.formatted("third"))).isEqualTo("third");
  }

  @Test
  void flowIsAddedAndFollowedToItsEnd() throws Exception {
    TestClient.Answer answer =
        client.post(
            "/api/flows",
            """
            {"name": "report", "queueName": "%s", "opts": {"jobId": "parent"}, "children": [
              {"name": "page", "queueName": "%s-pages", "data": 1, "opts": {"jobId": "one"}},
              {"name": "page", "queueName": "%s-pages", "data": 2,
               "opts": {"jobId": "two", "ignoreDependencyOnFailure": true}}]}
            """
                .formatted(name, name, name));
    JsonNode flow = ok(answer);
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.response().headers().firstValue("Location")).hasValue(path + "/jobs/parent");
    assertThat(flow.path("job").path("state").asText()).isEqualTo("waiting-children");
    assertThat(flow.path("children").path(0).path("job").path("parent"))
        .isEqualTo(Json.read("{\"queue\": \"%s\", \"id\": \"parent\"}".formatted(name)));
    assertThat(
            flow.path("children")
                .path(1)
                .path("job")
                .path("opts")
                .path("ignoreDependencyOnFailure"))
        .isEqualTo(Json.read("true"));
    assertThat(ok(client.get(path)).path("counts").path("waiting-children").asInt()).isOne();
    assertThat(ok(client.get(path + "/jobs?state=waiting-children")).path("items")).hasSize(1);
    JsonNode events = ok(client.get(path + "/events"));
    assertThat(events.path("items").findValuesAsText("event"))
        .containsExactly("added", "waiting-children");
    String cursor = events.path("nextCursor").asText();
    TaskQueue pages = server.mainstay().queues().open(new QueueName(organization, name + "-pages"));
    try (Worker ignored =
            pages.work(
                WorkerOptions.of("pages", 1),
                (job, context) -> {
                  if (job.id().equals("two")) {
                    throw new IllegalStateException("no page");
                  }
                  return "\"text\"";
                });
        Worker alsoIgnored = work((job, context) -> "" + context.childrenValues().size())) {
      awaitState("parent", "completed");
    }
    assertThat(job("parent").path("returnValue").asInt()).isOne();
    JsonNode children = ok(client.get(path + "/jobs/parent/dependencies")).path("items");
    assertThat(children.findValuesAsText("state")).containsExactly("processed", "ignored");
    assertThat(children.path(0).path("returnValue").asText()).isEqualTo("text");
    assertThat(children.path(1).path("failedReason").asText()).isEqualTo("no page");
    JsonNode found = ok(client.get(path + "/jobs/parent/flow"));
    assertThat(found.path("children")).hasSize(2);
    assertThat(ok(client.get(path + "/jobs/parent/flow?depth=1")).path("children")).isEmpty();
    JsonNode more = ok(client.get(path + "/events?wait=1000&cursor=" + cursor));
    assertThat(more.path("gap").asBoolean()).isFalse();
    assertThat(more.path("items").findValuesAsText("event"))
        .containsExactly("waiting", "active", "completed", "drained");
    JsonNode metrics = ok(client.get(path + "/metrics"));
    assertThat(metrics.path("items").findValues("completed")).hasSize(1);
    assertThat(metrics.path("items").path(0).path("running").path("count").asInt()).isOne();
  }

  @ParameterizedTest
  @CsvSource({
    "1.5, 1.5",
    "60, 60",
    "60.0, 60",
    "1e2, 100",
    "0.001, 0.001",
    "0.0004, 0",
    "0, 0",
    "315360000, 315360000"
  })
  void anAgeMayHaveDecimalsAndIsShownAsItHolds(String given, String shown) throws Exception {
    JsonNode opts =
        ok(client.post(
                path + "/jobs",
                "{\"name\": \"a\", \"opts\": {\"removeOnComplete\": {\"age\": %s}, \"removeOnFail\": {\"age\": %s, \"count\": 3}}}"
                    .formatted(given, given)))
            .path("opts");
    assertThat(opts.path("removeOnComplete").toString()).isEqualTo("{\"age\":" + shown + "}");
    assertThat(opts.path("removeOnFail").toString())
        .isEqualTo("{\"age\":" + shown + ",\"count\":3}");
  }

  /** JSON.stringify writes none. */
  @ParameterizedTest
  @ValueSource(strings = {"-0", "-0.0", "-0e5", "-0.00"})
  void aNegativeZeroIsZero(String given) throws Exception {
    JsonNode added =
        ok(
            client.post(
                path + "/jobs", "{\"name\": \"a\", \"data\": {\"n\": %s}}".formatted(given)));
    assertThat(added.path("data").path("n").decimalValue()).isZero();
    assertThat(added.path("data").toString()).doesNotContain("-");
    assertThat(job(added.path("id").asText()).path("data")).isEqualTo(added.path("data"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pattern   | {'pattern': '', 'template': {'name': 'a'}}",
        "pattern   | {'pattern': '   ', 'template': {'name': 'a'}}",
        "pattern   | {'pattern': 'H(5-1) * * * *', 'template': {'name': 'a'}}",
        "startDate | {'pattern': '0 9 * * *', 'startDate': '2099-01-01T00:00:00Z', 'template': {'name': 'a'}}",
        "startDate | {'every': 60000, 'startDate': '2099-01-01T00:00:00Z', 'template': {'name': 'a'}}"
      })
  void aScheduleThatCannotBeIsRefusedWithItsReason(String field, String body) throws Exception {
    TestClient.Answer answer = client.put(path + "/schedulers/s", body.replace('\'', '"'));
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains(field);
  }

  @Test
  void aSchedulersIdDecidesWhatItsHashStandsFor() throws Exception {
    String body = "{\"pattern\": \"H H * * *\", \"template\": {\"name\": \"a\"}}";
    String one = ok(client.put(path + "/schedulers/one", body)).path("next").asText();
    assertThat(ok(client.put(path + "/schedulers/one", body)).path("next").asText()).isEqualTo(one);
    assertThat(ok(client.put(path + "/schedulers/two", body)).path("next").asText())
        .isNotEqualTo(one);
  }

  @Test
  void aParentThatFailsNamesItsChildAsCallersKnowIt() throws Exception {
    ok(
        client.post(
            "/api/flows",
            """
            {"name": "top", "queueName": "%1$s", "opts": {"jobId": "top"}, "children": [
              {"name": "middle", "queueName": "%1$s-middle", "opts": {"jobId": "middle", "failParentOnFailure": true},
               "children": [{"name": "leaf", "queueName": "%1$s-leaf",
                 "opts": {"jobId": "leaf", "failParentOnFailure": true}}]}]}"""
                .formatted(name)));
    try (Worker leaf =
            workOn(
                name + "-leaf",
                (job, context) -> {
                  throw new IllegalStateException("broken");
                });
        Worker middle = workOn(name + "-middle", (job, context) -> "1");
        Worker top = workOn(name, (job, context) -> "1")) {
      awaitState("top", "failed");
    }
    String reason = "child %s-middle:middle failed".formatted(name);
    assertThat(job("top").path("failedReason").asText()).isEqualTo(reason);
    String middle = "/api/queues/%s-middle".formatted(name);
    assertThat(ok(client.get(middle + "/jobs/middle")).path("failedReason").asText())
        .isEqualTo("child %s-leaf:leaf failed".formatted(name));
    assertThat(ok(client.get(path + "/jobs?text=" + name + "-middle:middle")).path("items"))
        .hasSize(1);
    assertThat(ok(client.get(path + "/jobs?text=" + organization)).path("items")).isEmpty();
    for (String answer :
        List.of(
            path + "/jobs?state=failed",
            path + "/jobs/top/dependencies",
            path + "/jobs/top/flow",
            path + "/jobs/top/events",
            path + "/events?cursor=0",
            middle + "/jobs/middle/events",
            middle + "/jobs/middle/dependencies")) {
      String body = client.get(answer).body();
      assertThat(body).as(answer).contains("failed").doesNotContain(organization);
    }
    assertThat(client.get(path + "/events?cursor=0").body()).contains(reason);
  }

  private Worker workOn(String queue, JobHandler handler) {
    return server
        .mainstay()
        .queues()
        .open(new QueueName(organization, queue))
        .work(WorkerOptions.of("tests", 1), handler);
  }

  @Test
  void eventsAreStreamed() throws Exception {
    id("{\"name\": \"a\", \"opts\": {\"jobId\": \"first\"}}");
    JsonNode first = ok(client.get(path + "/events?limit=1"));
    HttpRequest.Builder request =
        client
            .request(path + "/events")
            .header("Accept", "text/event-stream")
            .header("Last-Event-ID", first.path("nextCursor").asText());
    try (HttpClient http = HttpClient.newHttpClient();
        Stream<String> lines =
            http.send(request.build(), HttpResponse.BodyHandlers.ofLines()).body()) {
      var events = lines.filter(line -> line.startsWith("data: ")).iterator();
      assertThat(events.next()).contains("\"event\":\"waiting\"").contains("first");
      id("{\"name\": \"b\", \"opts\": {\"jobId\": \"second\"}}");
      assertThat(events.next()).contains("\"event\":\"added\"").contains("second");
    }
  }

  @Test
  void aStreamOfEventsEndsInGoodOrderWhenTheServerStops(@TempDir Path elsewhere) throws Exception {
    TestServer stopping = TestServer.start(elsewhere);
    TestClient there = stopping.client();
    there.post("/api/queues/mail/jobs", "{\"name\": \"a\"}");
    HttpRequest.Builder request =
        there.request("/api/queues/mail/events").header("Accept", "text/event-stream");
    try (HttpClient http = HttpClient.newHttpClient();
        Stream<String> lines =
            http.send(request.build(), HttpResponse.BodyHandlers.ofLines()).body()) {
      var read = lines.iterator();
      assertThat(read.next()).startsWith("id: ");
      stopping.close();
      // A stream that is cut off fails.
      read.forEachRemaining(line -> assertThat(line).isNotNull());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "queueName | {'name': 'a'}",
        "name | {'queueName': 'a'}",
        "queueName | {'name': 'a', 'queueName': 'a/b'}",
        "children[0].queueName | {'name': 'a', 'queueName': 'a', 'children': [{'name': 'b', 'queueName': '-'}]}",
        "children[0].opts.failParentOnFailure | {'name': 'a', 'queueName': 'a', 'children': [{'name': 'b', 'queueName': 'b', 'opts': {'failParentOnFailure': true, 'removeDependencyOnFailure': true}}]}",
        "children | {'name': 'a', 'queueName': 'a', 'opts': {'deduplication': {'id': 'x'}}, 'children': [{'name': 'b', 'queueName': 'b'}]}"
      })
  void wrongFlowIsRefusedByField(String field, String json) throws Exception {
    refused(client.post("/api/flows", json.replace('\'', '"')), 400, field);
  }

  @Test
  void flowsAreBounded() throws Exception {
    StringBuilder children = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      children.append(i == 0 ? "" : ",").append("{\"name\": \"b\", \"queueName\": \"b\"}");
    }
    refused(
        client.post(
            "/api/flows",
            "{\"name\": \"a\", \"queueName\": \"a\", \"children\": [" + children + "]}"),
        400,
        "children");
    assertThat(client.get(path + "/events").status()).isEqualTo(404);
    id("{\"name\": \"a\"}");
    refused(client.get(path + "/events?cursor=x"), 400, "cursor");
    refused(client.get(path + "/events?wait=30001"), 400, "wait");
    refused(client.get(path + "/metrics?from=yesterday"), 400, "from");
    refused(client.get(path + "/metrics?from=2020-01-01T00:00:00Z"), 400, "from");
    refused(client.post(path + "/clean", "{\"state\": \"waiting-children\"}"), 400, "state");
  }

  @Test
  void jobsAreScheduled() throws Exception {
    String scheduler = path + "/schedulers/daily";
    String body =
        """
        {"pattern": "0 0 9 * * *", "tz": "Europe/Berlin", "limit": 5, "endDate": "2099-01-01T00:00:00Z",
         "template": {"name": "report", "data": {"a": 1}, "opts": {"attempts": 3}}}""";
    JsonNode made = ok(client.put(scheduler, body));
    assertThat(made.path("pattern").asText()).isEqualTo("0 0 9 * * *");
    assertThat(made.path("tz").asText()).isEqualTo("Europe/Berlin");
    assertThat(made.path("limit").asInt()).isEqualTo(5);
    assertThat(made.path("endDate").asText()).isEqualTo("2099-01-01T00:00:00Z");
    assertThat(made.path("iterationCount").asInt()).isEqualTo(1);
    assertThat(made.path("template").path("opts").path("attempts").asInt()).isEqualTo(3);
    assertThat(ok(client.get(scheduler))).isEqualTo(made);

    JsonNode job = ok(client.get(path + "/jobs?state=delayed")).path("items").path(0);
    assertThat(job.path("schedulerId").asText()).isEqualTo("daily");
    assertThat(job.path("runAt")).isEqualTo(made.path("next"));
    assertThat(job.path("data").toString()).isEqualTo("{\"a\":1}");

    ok(
        client.put(
            path + "/schedulers/often",
            "{\"every\":60000,\"offset\":7,\"template\":{\"name\":\"x\"}}"));
    JsonNode first = ok(client.get(path + "/schedulers?limit=1"));
    assertThat(first.path("items")).hasSize(1);
    assertThat(
            ok(client.get(path + "/schedulers?cursor=" + first.path("nextCursor").asText()))
                .path("items")
                .path(0)
                .path("offset")
                .asInt())
        .isEqualTo(7);
    assertThat(client.delete(scheduler).status()).isEqualTo(204);
    assertThat(client.delete(scheduler).status()).isEqualTo(404);
    assertThat(client.get(scheduler).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "pattern | {'template': {'name': 'x'}}",
        "pattern | {'pattern': '* * * * *', 'every': 5, 'template': {'name': 'x'}}",
        "pattern | {'pattern': '99 * * * *', 'template': {'name': 'x'}}",
        "pattern | {'pattern': '0 0 30 2 *', 'template': {'name': 'x'}}",
        "pattern | {'pattern': '', 'template': {'name': 'x'}}",
        "tz | {'pattern': '* * * * *', 'tz': 'Nowhere', 'template': {'name': 'x'}}",
        "every | {'every': 0, 'template': {'name': 'x'}}",
        "every | {'every': 5, 'endDate': '2001-01-01T00:00:00Z', 'template': {'name': 'x'}}",
        "offset | {'every': 5, 'offset': 5, 'template': {'name': 'x'}}",
        "offset | {'pattern': '* * * * *', 'offset': 5, 'template': {'name': 'x'}}",
        "limit | {'every': 5, 'limit': 0, 'template': {'name': 'x'}}",
        "startDate | {'every': 5, 'startDate': 'soon', 'template': {'name': 'x'}}",
        "startDate | {'pattern': '* * * * *', 'immediately': true, 'startDate': '2099-01-01T00:00:00Z', 'template': {'name': 'x'}}",
        "template | {'every': 5}",
        "template.name | {'every': 5, 'template': {}}",
        "template.opts.attempts | {'every': 5, 'template': {'name': 'x', 'opts': {'attempts': 0}}}",
        "template.opts.priority | {'every': 5, 'template': {'name': 'x', 'opts': {'priority': 'P9'}}}",
        "template.opts.jobId | {'every': 5, 'template': {'name': 'x', 'opts': {'jobId': 'a'}}}",
        "template.opts.delay | {'every': 5, 'template': {'name': 'x', 'opts': {'delay': 1}}}",
      })
  void wrongSchedulerIsRefusedByField(String field, String json) throws Exception {
    refused(client.put(path + "/schedulers/x", json.replace('\'', '"')), 400, field);
  }

  @Test
  void ratesAreLimited() throws Exception {
    String limit = "{\"limit\":{\"max\":2,\"duration\":3600000}}";
    assertThat(ok(client.put(path + "/rate-limit", limit)).path("rateLimit").path("max").asInt())
        .isEqualTo(2);
    assertThat(
            ok(client.put(path + "/unit-limit", limit)).path("unitLimit").path("duration").asInt())
        .isEqualTo(3_600_000);
    List<String> ids = List.of(id(JOB), id(JOB), id(JOB));
    try (Worker worker = work((job, context) -> "")) {
      awaitState(ids.get(0), "completed");
      awaitState(ids.get(1), "completed");
      assertThat(job(ids.get(2)).path("state").asText()).isEqualTo("waiting");
      assertThat(ok(client.put(path + "/rate-limit", "{}")).has("rateLimit")).isFalse();
      assertThat(ok(client.put(path + "/unit-limit", "{}")).has("unitLimit")).isFalse();
      awaitState(ids.get(2), "completed");
    }
    refused(client.put(path + "/rate-limit", "{\"limit\":{\"max\":0}}"), 400, "limit.duration");
    refused(
        client.put(path + "/unit-limit", "{\"limit\":{\"max\":0,\"duration\":1}}"),
        400,
        "limit.max");
  }

  @Test
  void groupsAreListedAndLimited() throws Exception {
    String each = "{\"concurrency\":1,\"rate\":{\"max\":5,\"duration\":1000}}";
    JsonNode queue = ok(client.put(path + "/group-limits", each));
    assertThat(queue.path("groupLimits")).isEqualTo(Json.read(each));
    for (String group : List.of("b", "a", "a")) {
      id("{\"name\":\"x\",\"opts\":{\"group\":{\"id\":\"%s\"}}}".formatted(group));
    }
    String own = "{\"units\":{\"max\":7,\"duration\":1000}}";
    assertThat(ok(client.put(path + "/groups/b/limits", own))).isEqualTo(Json.read(own));

    JsonNode first = ok(client.get(path + "/groups?limit=1"));
    assertThat(first.path("items"))
        .isEqualTo(Json.read("[{\"id\":\"a\",\"waiting\":2,\"active\":0}]"));
    JsonNode rest = ok(client.get(path + "/groups?cursor=" + first.path("nextCursor").asText()));
    assertThat(rest.path("items").path(0).path("limits")).isEqualTo(Json.read(own));
    assertThat(rest.has("nextCursor")).isFalse();

    assertThat(client.delete(path + "/groups/b/limits").status()).isEqualTo(204);
    assertThat(ok(client.get(path + "/groups")).path("items").path(1).has("limits")).isFalse();
    refused(client.put(path + "/groups/a%20b/limits", "{}"), 400, "group");
    refused(client.put(path + "/group-limits", "{\"concurrency\":0}"), 400, "concurrency");
  }

  @Test
  void queueIsPausedAndLimited() throws Exception {
    String concurrency = path + "/concurrency";
    assertThat(ok(client.post(path + "/pause", "")).path("paused").asBoolean()).isTrue();
    String id = id(JOB);
    try (Worker worker = work((job, context) -> "")) {
      JsonNode limited = ok(client.put(concurrency, "{\"concurrency\":3}"));
      assertThat(limited.path("concurrency").asInt()).isEqualTo(3);
      assertThat(limited.path("paused").asBoolean()).isTrue();
      assertThat(job(id).path("state").asText()).isEqualTo("waiting");
      assertThat(ok(client.post(path + "/resume", "")).path("paused").asBoolean()).isFalse();
      awaitState(id, "completed");
    }
    assertThat(ok(client.put(concurrency, "{}")).has("concurrency")).isFalse();
    refused(client.put(concurrency, "{\"concurrency\":0}"), 400, "concurrency");
    refused(client.put(concurrency, "{\"concurrency\":\"many\"}"), 400, "concurrency");
    refused(client.put(concurrency, ""), 400, "body");
  }

  @Test
  void waitingJobsAreDrainedAndOldOnesCleaned() throws Exception {
    add("[" + JOB + "," + JOB + ",{\"name\":\"x\",\"opts\":{\"delay\":3600000}}]");
    assertThat(ok(client.post(path + "/drain", "")).path("count").asInt()).isEqualTo(2);
    assertThat(ok(client.post(path + "/drain", "{\"delayed\":true}")).path("count").asInt())
        .isEqualTo(1);
    add("[" + JOB + "," + JOB + "," + JOB + "]");
    String clean = "{\"state\":\"waiting\",\"grace\":%d,\"limit\":2}";
    assertThat(ok(client.post(path + "/clean", clean.formatted(60_000))).path("count").asInt())
        .isZero();
    assertThat(ok(client.post(path + "/clean", clean.formatted(0))).path("count").asInt())
        .isEqualTo(2);
    refused(client.post(path + "/clean", ""), 400, "body");
    refused(client.post(path + "/clean", "{}"), 400, "state");
    refused(client.post(path + "/clean", "{\"state\":\"active\"}"), 400, "state");
    refused(client.post(path + "/clean", clean.formatted(Long.MAX_VALUE)), 400, "grace");
    refused(client.post(path + "/clean", "{\"state\":\"failed\",\"limit\":10001}"), 400, "limit");
  }

  @Test
  void queueIsRemovedWithItsJobs() throws Exception {
    String id = id(JOB);
    CountDownLatch started = new CountDownLatch(1);
    try (Worker worker = workForever(started)) {
      started.await();
      TestClient.Answer busy = client.delete(path);
      assertThat(busy.status()).isEqualTo(409);
      assertThat(busy.json().path("type").asText()).endsWith(":queue-busy");
      assertThat(job(id).path("state").asText()).isEqualTo("active");
      refused(client.delete(path + "?force=yes"), 400, "force");
      assertThat(client.delete(path + "?force=true").status()).isEqualTo(204);
    }
    assertThat(client.get(path).status()).isEqualTo(404);
    assertThat(client.delete(path).status()).isEqualTo(404);
    id(JOB);
    assertThat(all("limit=50")).hasSize(1);
    assertThat(client.delete(path).status()).isEqualTo(204);
  }

  private List<String> all(String query) throws Exception {
    List<String> names = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = ok(client.get(path + "/jobs?" + query + "&cursor=" + cursor));
      page.path("items").forEach(job -> names.add(job.path("name").asText()));
      cursor = page.path("nextCursor").asText();
    } while (!cursor.isEmpty());
    return names;
  }

  @Test
  void jobsOfAllStatesAreOneList() throws Exception {
    ArrayNode jobs = Json.MAPPER.createArrayNode();
    for (int i = 0; i < 25; i++) {
      ObjectNode job = jobs.addObject().put("name", "j" + i);
      if (i % 5 == 4) {
        job.putObject("opts").put("delay", 1_000_000 + i);
      }
    }
    add(jobs.toString());
    List<String> waiting =
        IntStream.range(0, 25).filter(i -> i % 5 != 4).mapToObj(i -> "j" + i).toList();
    List<String> delayed = List.of("j4", "j9", "j14", "j19", "j24");
    List<String> both = new ArrayList<>(waiting);
    both.addAll(delayed);
    assertThat(all("limit=200")).isEqualTo(both);
    assertThat(all("limit=3")).isEqualTo(both);
    assertThat(all("state=waiting&limit=7")).isEqualTo(waiting);
    assertThat(all("state=delayed&limit=5")).isEqualTo(delayed);
    assertThat(all("state=failed&limit=5")).isEmpty();
    for (String cursor : List.of("x", "waiting", "waiting:x", "all:1", ":")) {
      refused(client.get(path + "/jobs?cursor=" + cursor), 400, "cursor");
    }
    refused(client.get(path + "/jobs?state=delayed&cursor=waiting:"), 400, "cursor");
    refused(client.get(path + "/jobs?state=running"), 400, "state");
    refused(client.get(path + "/jobs?limit=201"), 400, "limit");
    refused(client.get(path + "/jobs?stat=failed"), 400, "stat");
  }

  @Test
  void jobsAreSearched() throws Exception {
    ArrayNode jobs = Json.MAPPER.createArrayNode();
    for (int i = 0; i < 60; i++) {
      ObjectNode job = jobs.addObject().put("name", i % 2 == 0 ? "even" : "odd");
      job.putObject("data").put("to", "Müller" + i + "@example.org");
      job.putObject("opts").put("jobId", "job-" + i).put("delay", i % 3 == 0 ? 1_000_000 + i : 0);
    }
    add(jobs.toString());
    assertThat(all("name=even&limit=7")).hasSize(30).containsOnly("even");
    assertThat(all("name=eve")).isEmpty();
    assertThat(all("text=JOB-5&limit=4")).hasSize(11);
    assertThat(all("text=m%C3%9CLLER59@&limit=1")).containsExactly("odd");
    assertThat(all("name=even&state=delayed&text=job-5")).containsExactly("even");
    assertThat(all("text=" + ".*")).as("no pattern").isEmpty();
    ok(client.post(path + "/jobs/job-7/cancel", "{\"reason\":\"Nobody wants it\"}"));
    assertThat(all("text=nobody%20wants")).containsExactly("odd");
    assertThat(all("text=nobody%20wants&state=waiting")).isEmpty();
    refused(client.get(path + "/jobs?text=" + "x".repeat(201)), 400, "text");
    refused(client.get(path + "/jobs?name=" + "x".repeat(256)), 400, "name");
  }

  @Test
  void eventsOfOneJobAreListed() throws Exception {
    String id = id("{\"name\":\"one\",\"opts\":{\"attempts\":2}}");
    id(JOB);
    try (Worker worker =
        work(
            (job, context) -> {
              throw new IllegalStateException("not this time");
            })) {
      awaitState(id, "failed");
    }
    JsonNode events = ok(client.get(path + "/jobs/" + id + "/events"));
    assertThat(events.path("complete").asBoolean()).isTrue();
    assertThat(events.path("items").findValuesAsText("event"))
        .startsWith("added", "waiting", "active", "waiting", "active")
        .contains("failed")
        .doesNotContain("drained");
    assertThat(events.path("items").findValuesAsText("jobId")).containsOnly(id);
    assertThat(client.get(path + "/jobs/gone/events").status()).isEqualTo(404);
  }

  @Test
  void pagesOfLargeJobsAreShort() throws Exception {
    String large = "{\"name\":\"large\",\"data\":\"" + "y".repeat(500_000) + "\"}";
    for (int i = 0; i < 30; i++) {
      add(large);
    }
    TestClient.Answer page = client.get(path + "/jobs?limit=200");
    assertThat(page.json().path("items")).hasSize(10);
    assertThat(all("limit=200")).hasSize(30);
  }

  @Test
  void logsArePaged() throws Exception {
    String id = id(JOB);
    for (int i = 0; i < 5; i++) {
      queue().log(id, "line " + i);
    }
    List<String> lines = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = ok(client.get(path + "/jobs/" + id + "/logs?limit=2&cursor=" + cursor));
      page.path("items").forEach(line -> lines.add(line.path("text").asText()));
      cursor = page.path("nextCursor").asText();
    } while (!cursor.isEmpty());
    assertThat(lines).containsExactly("line 0", "line 1", "line 2", "line 3", "line 4");
    refused(client.get(path + "/jobs/" + id + "/logs?cursor=-1"), 400, "cursor");
    assertThat(client.get(path + "/jobs/none/logs").status()).isEqualTo(404);
  }

  @Test
  void workersAreListedWithTheirJobs() throws Exception {
    assertThat(client.get(path + "/workers").status()).isEqualTo(404);
    String id = id(JOB);
    assertThat(ok(client.get(path + "/workers")).path("items")).isEmpty();
    CountDownLatch started = new CountDownLatch(1);
    try (Worker busy = workForever(started)) {
      started.await();
      Worker idle = queue().work(WorkerOptions.of("idle-" + name, 1), (job, context) -> "");
      await().until(() -> workers("limit=5").path("items").size() == 2);
      JsonNode page = workers("limit=1");
      JsonNode worker = page.path("items").path(0);
      assertThat(worker.path("id").asText()).isEqualTo(page.path("nextCursor").asText());
      assertThat(worker.path("name").asText()).isEqualTo("test-" + name);
      assertThat(worker.path("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
      assertThat(worker.path("library").asText()).isEqualTo("mainstay");
      assertThat(worker.path("concurrency").asInt()).isEqualTo(1);
      assertThat(worker.path("active").asInt()).isEqualTo(1);
      assertThat(worker.path("jobs")).isEqualTo(Json.MAPPER.createArrayNode().add(id));
      assertThat(Instant.parse(worker.path("seenAt").asText()))
          .isAfterOrEqualTo(Instant.parse(worker.path("startedAt").asText()));
      JsonNode next = workers("limit=1&cursor=" + page.path("nextCursor").asText());
      assertThat(next.path("items")).hasSize(1);
      assertThat(next.path("items").path(0).path("name").asText()).isEqualTo("idle-" + name);
      assertThat(next.path("items").path(0).path("active").asInt(-1)).isZero();
      assertThat(next.path("nextCursor").asText("")).isEmpty();
      idle.close();
      assertThat(workers("limit=5").path("items")).hasSize(1);
      assertThat(busy.active()).isOne();
    }
    assertThat(workers("limit=5").path("items")).isEmpty();
    refused(client.get(path + "/workers?limit=201"), 400, "limit");
    refused(client.get(path + "/workers?state=active"), 400, "state");
  }

  private JsonNode workers(String query) throws Exception {
    return ok(client.get(path + "/workers?" + query));
  }

  @Test
  void queuesAreListedByName() throws Exception {
    for (String suffix : List.of("-c", "-a", "-b")) {
      ok(client.post(path + suffix + "/jobs", JOB));
    }
    JsonNode list = ok(client.get("/api/queues?limit=200")).path("items");
    assertThat(StreamSupport.stream(list.spliterator(), false))
        .extracting(queue -> queue.path("name").asText())
        .containsSubsequence(name + "-a", name + "-b", name + "-c");
    JsonNode page = ok(client.get("/api/queues?limit=1&cursor=" + name + "-a"));
    assertThat(page.path("items").path(0).path("name").asText()).isEqualTo(name + "-b");
    assertThat(page.path("nextCursor").asText()).isEqualTo(name + "-b");
  }

  private static TestClient stranger() {
    try (Database database = TestDatabases.open(directory.resolve("data"))) {
      return new TestClient(server.mainstay().url(), OtherOrganization.key(database));
    }
  }

  @Test
  void queuesOfOthersAreNotThere() throws Exception {
    String id = id(JOB);
    TestClient stranger = stranger();
    assertThat(ok(stranger.get("/api/queues")).path("items")).isEmpty();
    for (String below :
        List.of(
            "",
            "/jobs",
            "/jobs/" + id,
            "/jobs/" + id + "/logs",
            "/jobs/" + id + "/events",
            "/workers")) {
      assertThat(stranger.get(path + below).status()).as(below).isEqualTo(404);
    }
    for (String act : List.of("retry", "promote", "cancel")) {
      assertThat(stranger.post(path + "/jobs/" + id + "/" + act, "").status())
          .as(act)
          .isEqualTo(404);
    }
    assertThat(stranger.delete(path + "/jobs/" + id).status()).isEqualTo(404);
    assertThat(stranger.post(path + "/drain", "").status()).isEqualTo(404);

    // Their own queue of that name is another one.
    ok(stranger.post(path + "/jobs", JOB));
    ok(stranger.post(path + "/pause", ""));
    assertThat(stranger.get(path + "/jobs/" + id).status()).isEqualTo(404);
    assertThat(ok(stranger.post(path + "/drain", "")).path("count").asInt()).isEqualTo(1);
    assertThat(job(id).path("state").asText()).isEqualTo("waiting");
    assertThat(ok(client.get(path)).path("paused").asBoolean()).isFalse();
  }

  @Test
  void queuesPerOrganizationAreBounded() throws Exception {
    TestClient many = stranger();
    for (int i = 0; i < 1000; i++) {
      ok(many.post("/api/queues/q" + i + "/pause", ""));
    }
    TestClient.Answer refused = many.post("/api/queues/q1000/jobs", JOB);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().path("type").asText()).endsWith(":too-many-queues");
    ok(many.post("/api/queues/q999/jobs", JOB));
  }
}
