package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code POST /api/tasks} refuses what is wrong, names the field, and creates nothing then. */
class TaskInputTest {
  @TempDir static Path directory;
  private static TestServer server;
  private static TestRepository repository;

  @BeforeAll
  static void start() throws Exception {
    repository = TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    // Nobody runs what is created here: a web server alone.
    server =
        TestServer.start(
            directory,
            Map.of(
                Setting.ROLES, "web",
                Setting.ANTHROPIC_API_KEY, "sk-test",
                Setting.LOCAL_REPOS, directory.toString()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static ObjectNode body() {
    return TestTasks.body(repository.url(), "Do it");
  }

  private static Arguments wrong(String field, String json) {
    return Arguments.of(field, json);
  }

  /** The field that must be named, and its wrong value as JSON. */
  static Stream<Arguments> wrongFields() {
    List<Arguments> rows = new ArrayList<>();
    for (String field :
        List.of("repoUrl", "prompt", "agent", "model", "baseBranch", "branch", "notBefore")) {
      for (String value : List.of("1", "1.5", "true", "{}", "[]", "[\"x\"]", "\"\"")) {
        rows.add(wrong(field, value));
      }
    }
    for (String field : List.of("repoUrl", "prompt")) {
      rows.add(wrong(field, "null"));
      rows.add(wrong(field, "\"   \""));
    }
    rows.add(wrong("repoUrl", text(2001)));
    rows.add(wrong("prompt", text(100_001)));
    rows.add(wrong("prompt", "\"a\\u0000b\""));
    rows.add(wrong("agent", text(101)));
    rows.add(wrong("agent", "\"somebody\""));
    rows.add(wrong("model", text(201)));
    for (String url :
        List.of(
            "-uexec",
            "ext::sh -c id",
            "ssh://git@example.org/a/b",
            "git@example.org:a/b",
            "git://example.org/a/b",
            "ftp://example.org/a",
            "http://example.org/a/b",
            "https://user:secret@example.org/a/b",
            "https://token@example.org/a/b",
            "https://",
            "https://example.org",
            "https://example.org/a?x=1",
            "https://example.org/a#x",
            "https://example.org:0/a",
            "https://exa mple.org/a",
            "https://example.org/a\\nb",
            "/etc",
            "file:///etc",
            "../sample.git",
            "https://127.0.0.1/a",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/a",
            "https://[::ffff:10.0.0.1]/a",
            "nonsense")) {
      rows.add(wrong("repoUrl", "\"" + url + "\""));
    }
    for (String field : List.of("baseBranch", "branch")) {
      rows.add(wrong(field, text(201)));
      for (String name :
          List.of("-x", "a..b", "a b", "a~1", "/a", "a/", "a.lock", "@{x}", "HEAD")) {
        rows.add(wrong(field, "\"" + name + "\""));
      }
    }
    rows.add(wrong("branch", "\"fix/gh" + "p_q7Rk2LmZ9xTbV4nHs8WdYc3PfGj5AeUo1iQ6\""));
    for (String field : List.of("priority", "push", "review")) {
      for (String value : List.of("\"other\"", "\"\"", "1", "true", "{}", "[]")) {
        rows.add(wrong(field, value));
      }
    }
    rows.add(wrong("priority", "\"p1\""));
    rows.add(wrong("priority", "\"P4\""));
    rows.add(wrong("push", "\"BRANCH\""));
    rows.add(wrong("notBefore", "\"tomorrow\""));
    rows.add(wrong("notBefore", "\"2026-13-01T00:00:00Z\""));
    rows.add(wrong("notBefore", "\"2999-01-01T00:00:00Z\""));
    rows.add(wrong("notBefore", "\"1969-12-31T23:59:59Z\""));
    rows.add(wrong("notBefore", "\"+1000000000-12-31T23:59:59Z\""));
    rows.add(wrong("notBefore", "\"-1000000000-01-01T00:00:00Z\""));
    for (String value : List.of("1", "\"x\"", "[]", "true", "\"\"")) {
      rows.add(wrong("limits", value));
    }
    for (String limit : List.of("maxTurns", "maxTokens", "maxCostUsd", "maxDurationSeconds")) {
      for (String value : List.of("0", "-1", "\"1\"", "true", "{}", "[]", "1e30")) {
        rows.add(wrong("limits." + limit, value));
      }
    }
    rows.add(wrong("limits.maxTurns", "1.5"));
    rows.add(wrong("limits.maxTurns", "10001"));
    rows.add(wrong("limits.maxTokens", "10000000001"));
    rows.add(wrong("limits.maxCostUsd", "1000001"));
    rows.add(wrong("limits.maxCostUsd", "0.0000001"));
    rows.add(wrong("limits.maxDurationSeconds", "2592001"));
    rows.add(wrong("limits.maxDurationSeconds", "9223372036854775808"));
    rows.add(wrong("limits.other", "1"));
    for (String value : List.of("1", "\"x\"", "[]", "true")) {
      rows.add(wrong("metadata", value));
    }
    rows.add(wrong("metadata", "{\"key\":" + text(17_000) + "}"));
    rows.add(wrong("other", "1"));
    rows.add(wrong("RepoUrl", "\"x\""));
    rows.add(wrong("__proto__", "{}"));
    return rows.stream();
  }

  private static String text(int length) {
    return "\"" + "x".repeat(length) + "\"";
  }

  @ParameterizedTest
  @MethodSource("wrongFields")
  void wrongFieldIsNamed(String field, String json) throws Exception {
    String body = with(field, json);
    TestClient.Answer answer = post(body);
    assertThat(answer.status()).as(body).isEqualTo(400);
    assertThat(answer.response().headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    JsonNode problem = answer.json();
    assertThat(problem.path("type").asText()).isEqualTo("urn:mainstay:problem:invalid-input");
    assertThat(problem.path("status").asInt()).isEqualTo(400);
    assertThat(problem.path("errors").findValuesAsText("field")).as(answer.body()).contains(field);
    assertThat(answer.body()).doesNotContain("Exception").doesNotContain("dev.mainstay");
    assertNothingWasCreated();
  }

  /** A body that is right but for one field. */
  private static String with(String field, String json) {
    ObjectNode body = body();
    boolean nested = field.startsWith("limits.");
    String name = nested ? field.substring("limits.".length()) : field;
    body.remove(field);
    String member = "\"" + name + "\":" + json;
    String rest = body.toString().substring(1);
    return "{" + (nested ? "\"limits\":{" + member + "}" : member) + "," + rest;
  }

  private static TestClient.Answer post(String body) throws IOException, InterruptedException {
    return server.client().post("/api/tasks", body);
  }

  /** Tests that create something say so in the prompt. */
  private static void assertNothingWasCreated() throws IOException, InterruptedException {
    JsonNode tasks = server.client().get("/api/tasks?q=Do%20it").json();
    assertThat(tasks.path("items")).isEmpty();
  }

  @Test
  void missingFieldsAreAllNamed() throws Exception {
    TestClient.Answer answer = post("{}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder("repoUrl", "prompt");
  }

  @Test
  void bodyThatIsNoObjectIsRefused() throws Exception {
    String deep = "{\"metadata\":{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}}";
    String twice = "{\"prompt\":\"a\",\"prompt\":\"b\",\"repoUrl\":\"/x\"}";
    for (String body :
        List.of(
            "",
            " ",
            "null",
            "1",
            "\"x\"",
            "[]",
            "{",
            "{]",
            "nonsense",
            "{}{}",
            deep,
            twice,
            "{'prompt':'x'}",
            "{\"prompt\":NaN}",
            "\u0000")) {
      TestClient.Answer answer = post(body);
      assertThat(answer.status()).as(body.substring(0, Math.min(40, body.length()))).isEqualTo(400);
      assertThat(answer.json().path("errors")).as(answer.body()).isNotEmpty();
    }
    TestClient.Answer large = post("{\"prompt\":" + text(2 * 1024 * 1024) + "}");
    assertThat(large.status()).isEqualTo(413);
    assertThat(large.json().path("status").asInt()).isEqualTo(413);
    assertNothingWasCreated();
  }

  @Test
  void nullStandsForAbsentWhereItMay() throws Exception {
    ObjectNode body = TestTasks.body(repository.url(), "With nulls");
    for (String field :
        List.of(
            "agent",
            "model",
            "priority",
            "baseBranch",
            "branch",
            "push",
            "review",
            "limits",
            "notBefore",
            "metadata")) {
      body.putNull(field);
    }
    TestClient.Answer answer = post(body.toString());
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    assertThat(answer.json().path("priority").asText()).isEqualTo("P2");
  }

  @Test
  void everyFieldIsTakenAndShown() throws Exception {
    Instant later = Instant.now().plus(Duration.ofDays(3600)).truncatedTo(ChronoUnit.SECONDS);
    ObjectNode body =
        TestTasks.body(repository.url(), "With all ✓ fields")
            .put("agent", "default")
            .put("model", "claude-haiku-5-5")
            .put("priority", "P0")
            .put("baseBranch", "main")
            .put("branch", "topic/one")
            .put("push", "branch")
            .put("review", "before-push")
            .put("notBefore", later.toString());
    body.putObject("limits")
        .put("maxTurns", 10)
        .put("maxTokens", 1000)
        .put("maxCostUsd", 1.5)
        .put("maxDurationSeconds", 60);
    body.putObject("metadata").put("ticket", 7).putArray("labels").add("a");
    TestClient.Answer answer = post(body.toString());
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    JsonNode task = answer.json();
    String id = task.path("id").asText();
    assertThat(answer.response().headers().firstValue("Location")).contains("/api/tasks/" + id);
    Json.read(body.toString())
        .properties()
        .forEach(field -> assertThat(task.path(field.getKey())).isEqualTo(field.getValue()));
    assertThat(server.client().get("/api/tasks/" + id).json()).isEqualTo(task);
  }

  @Test
  void idempotencyKeyCreatesOnce() throws Exception {
    String body = TestTasks.body(repository.url(), "Once only").toString();
    List<Future<TestClient.Answer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        answers.add(
            threads.submit(
                () -> server.client().post("/api/tasks", body, "Idempotency-Key", "once")));
      }
    }
    JsonNode first = answers.getFirst().get().json();
    for (Future<TestClient.Answer> answer : answers) {
      assertThat(answer.get().status()).isEqualTo(202);
      assertThat(answer.get().json()).isEqualTo(first);
      assertThat(answer.get().response().headers().firstValue("Location"))
          .contains("/api/tasks/" + first.path("id").asText());
    }
    assertThat(server.client().get("/api/tasks?q=Once%20only").json().path("items")).hasSize(1);
    String other = TestTasks.body(repository.url(), "Something else").toString();
    TestClient.Answer reused = server.client().post("/api/tasks", other, "Idempotency-Key", "once");
    assertThat(reused.status()).isEqualTo(409);
    for (String key : List.of(" ", "k".repeat(256))) {
      TestClient.Answer wrong = server.client().post("/api/tasks", other, "Idempotency-Key", key);
      assertThat(wrong.status()).isEqualTo(400);
      assertThat(wrong.json().path("errors").findValuesAsText("field"))
          .containsExactly("Idempotency-Key");
    }
  }

  @Test
  void moneyLimitNeedsAPrice() throws Exception {
    ObjectNode body = body().put("model", "somebody-elses-model");
    body.putObject("limits").put("maxCostUsd", 1);
    TestClient.Answer answer = post(body.toString());
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().path("detail").asText()).contains("maxCostUsd");
    assertNothingWasCreated();
  }

  @Test
  void withoutAModelItSaysWhatToSet(@TempDir Path other) throws Exception {
    try (TestServer bare =
        TestServer.start(other, Map.of(Setting.LOCAL_REPOS, directory.toString()))) {
      TestClient.Answer answer = bare.client().post("/api/tasks", body().toString());
      assertThat(answer.status()).isEqualTo(422);
      assertThat(answer.json().path("detail").asText()).contains("ANTHROPIC_API_KEY");
      assertThat(bare.client().get("/api/tasks").json().path("items")).isEmpty();
      assertThat(Json.write(bare.client().get("/api/capabilities").json()))
          .contains("ANTHROPIC_API_KEY");
    }
  }
}
