package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ids and names that a store cannot have are refused on every path, and never a failure. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueueFuzzTest {
  private static final String BIDI = "\u202Eid\u05D0";

  /** As they are in JSON and, encoded, in a path. */
  private static final List<String> UGLY =
      List.of(
          "7",
          "-1",
          "0",
          "a:b",
          "wait",
          "id",
          "meta",
          "events",
          "repeat",
          "stalled",
          "limiter",
          "pc",
          "mainstay:token",
          "repeat:x",
          "repeat:x:1",
          "repeat:x:1:logs",
          "one:lock",
          "one:logs",
          "",
          " ",
          "x".repeat(300),
          "a\0b",
          "\uD800",
          "x\uDC00y",
          "..",
          ".",
          "../../agent",
          "a/b",
          "%2F",
          "%",
          "\uD83D\uDE80",
          BIDI,
          "__proto__",
          "constructor",
          "null",
          "*",
          "[a]",
          "a\nb",
          "'; --",
          "{x}");

  private TestServer server;
  private TestClient client;

  TestClient client() {
    return client;
  }

  Map<Setting, String> settings() {
    return Map.of();
  }

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    server = TestServer.start(directory, settings());
    client = server.client();
    // The keys that ids may meet are there, of every kind.
    for (String body :
        List.of(
            "{\"name\":\"x\",\"opts\":{\"jobId\":\"one\"}}",
            "{\"name\":\"x\",\"opts\":{\"jobId\":\"two\",\"delay\":60000}}",
            "{\"name\":\"x\",\"opts\":{\"jobId\":\"three\",\"priority\":3,\"deduplication\":{\"id\":\"d\"}}}")) {
      assertThat(client.post("/api/queues/fuzz/jobs", body).status()).isEqualTo(201);
    }
    assertThat(
            client
                .put(
                    "/api/queues/fuzz/schedulers/x",
                    "{\"every\":60000,\"template\":{\"name\":\"x\"}}")
                .status())
        .isEqualTo(200);
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
  }

  private static String encoded(String text) {
    StringBuilder path = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (point >= 0xD800 && point <= 0xDFFF) {
                path.append("%ED%A0%80");
              } else if (point == '.' && text.contains("..")) {
                path.append('.');
              } else {
                path.append(
                    URLEncoder.encode(Character.toString(point), StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("*", "%2A"));
              }
            });
    return path.toString();
  }

  static Stream<String> ugly() {
    return UGLY.stream();
  }

  private void sane(String what, TestClient.Answer answer) {
    assertThat(answer.status()).as("%s: %s", what, answer.body()).isNotEqualTo(500).isLessThan(502);
    if (answer.status() >= 400 && !answer.body().isEmpty() && answer.body().startsWith("{")) {
      assertThat(answer.response().headers().firstValue("Content-Type").orElse(""))
          .as(what)
          .startsWith("application/problem+json");
    }
  }

  /** A connection that a path has ended is not used again. */
  private TestClient fresh(String ugly) {
    return ugly.contains("\0") ? server.client() : client;
  }

  @ParameterizedTest
  @MethodSource("ugly")
  void asIdsInPaths(String ugly) throws Exception {
    String id = encoded(ugly);
    String job = "/api/queues/fuzz/jobs/" + id;
    for (String path :
        List.of(
            job,
            job + "/logs",
            job + "/flow",
            job + "/dependencies",
            job + "/events",
            "/api/queues/fuzz/deduplications/" + id,
            "/api/queues/fuzz/schedulers/" + id,
            "/api/queues/fuzz/bulk-actions/" + id)) {
      sane("GET " + path, fresh(ugly).get(path));
    }
    for (String act : List.of("/retry", "/promote", "/cancel")) {
      sane("POST " + job + act, fresh(ugly).post(job + act, ""));
    }
    sane("POST bulk", fresh(ugly).post("/api/queues/fuzz/bulk-actions/" + id + "/cancel", ""));
    sane(
        "PUT scheduler",
        fresh(ugly)
            .put(
                "/api/queues/fuzz/schedulers/" + id,
                "{\"every\":60000,\"template\":{\"name\":\"x\"}}"));
    sane(
        "PUT group",
        fresh(ugly).put("/api/queues/fuzz/groups/" + id + "/limits", "{\"concurrency\":1}"));
    for (String path :
        List.of(
            job,
            "/api/queues/fuzz/deduplications/" + id,
            "/api/queues/fuzz/schedulers/" + id,
            "/api/queues/fuzz/groups/" + id + "/limits")) {
      sane("DELETE " + path, fresh(ugly).delete(path));
    }
  }

  @ParameterizedTest
  @MethodSource("ugly")
  void asNamesOfQueues(String ugly) throws Exception {
    String queue = "/api/queues/" + encoded(ugly);
    for (String path :
        List.of(
            "",
            "/jobs",
            "/jobs/x",
            "/events",
            "/metrics",
            "/workers",
            "/schedulers",
            "/groups",
            "/bulk-actions")) {
      sane("GET " + queue + path, fresh(ugly).get(queue + path));
    }
    for (String act : List.of("/pause", "/resume", "/drain", "/retry-failed", "/promote-delayed")) {
      sane("POST " + queue + act, fresh(ugly).post(queue + act, ""));
    }
    sane("POST jobs", fresh(ugly).post(queue + "/jobs", "{\"name\":\"x\"}"));
    sane(
        "POST flow",
        client.post("/api/flows", "{\"name\":\"x\",\"queueName\":%s}".formatted(Json.write(ugly))));
  }

  @ParameterizedTest
  @MethodSource("ugly")
  void inBodies(String ugly) throws Exception {
    String text = Json.write(ugly);
    List<String> jobs = new ArrayList<>();
    for (String job :
        List.of(
            "{\"name\":\"x\",\"opts\":{\"jobId\":%s}}",
            "{\"name\":%s}",
            "{\"name\":\"x\",\"opts\":{\"deduplication\":{\"id\":%s}}}",
            "{\"name\":\"x\",\"opts\":{\"group\":{\"id\":%s}}}",
            "{\"name\":\"x\",\"opts\":{\"priority\":%s}}",
            "{\"name\":\"x\",\"opts\":{\"backoff\":{\"type\":%s}}}",
            "{\"name\":\"x\",\"data\":{%1$s:%1$s}}")) {
      jobs.add(job.formatted(text));
    }
    for (String job : jobs) {
      sane(job, client.post("/api/queues/bodies/jobs", job));
      sane("[" + job, client.post("/api/queues/bodies/jobs", "[{\"name\":\"first\"}," + job + "]"));
      String flow = job.substring(0, job.length() - 1);
      sane(flow, client.post("/api/flows", flow + ",\"queueName\":\"bodies\"}"));
      sane(
          "child " + job,
          client.post(
              "/api/flows",
              "{\"name\":\"top\",\"queueName\":\"bodies\",\"children\":[%s,\"queueName\":\"bodies\"}]}"
                  .formatted(flow)));
      sane(
          "scheduler " + job,
          client.put(
              "/api/queues/bodies/schedulers/s",
              "{\"every\":60000,\"template\":%s}".formatted(job)));
    }
    for (String body :
        List.of(
            "{\"pattern\":%s,\"template\":{\"name\":\"x\"}}",
            "{\"pattern\":\"0 9 * * *\",\"tz\":%s,\"template\":{\"name\":\"x\"}}",
            "{\"every\":60000,\"startDate\":%s,\"template\":{\"name\":\"x\"}}")) {
      sane(body, client.put("/api/queues/bodies/schedulers/t", body.formatted(text)));
    }
    for (String field : List.of("name", "text")) {
      sane(
          "bulk " + field,
          client.post(
              "/api/queues/bodies/bulk-actions",
              "{\"action\":\"retry\",\"state\":\"failed\",\"%s\":%s}".formatted(field, text)));
    }
    String query = encoded(ugly);
    for (String path :
        List.of(
            "/jobs?text=",
            "/jobs?name=",
            "/jobs?state=",
            "/jobs?cursor=",
            "/jobs?state=waiting&cursor=",
            "/jobs?state=delayed&cursor=",
            "/events?cursor=",
            "/schedulers?cursor=",
            "/workers?cursor=",
            "/groups?cursor=",
            "/bulk-actions?cursor=",
            "/metrics?from=",
            "/jobs/one/logs?cursor=",
            "/jobs/one/dependencies?cursor=")) {
      sane(path + query, client.get("/api/queues/fuzz" + path + query));
    }
    sane("list", client.get("/api/queues?cursor=" + query));
  }

  @Test
  void whatIsRefusedNamesItsField() throws Exception {
    TestClient.Answer one =
        client.post(
            "/api/queues/fields/jobs", "{\"name\":\"x\",\"opts\":{\"jobId\":\"a\\u0000\"}}");
    assertThat(one.status()).isEqualTo(400);
    assertThat(one.json().path("errors").path(0).path("field").asText()).isEqualTo("opts.jobId");
    TestClient.Answer many =
        client.post(
            "/api/queues/fields/jobs",
            "[{\"name\":\"x\"},{\"name\":\"x\",\"opts\":{\"jobId\":\"a\\u0000\"}}]");
    assertThat(many.status()).isEqualTo(400);
    assertThat(many.json().path("errors").path(0).path("field").asText())
        .isEqualTo("[1].opts.jobId");
    assertThat(client.get("/api/queues/fields").status()).isEqualTo(404);
  }
}
