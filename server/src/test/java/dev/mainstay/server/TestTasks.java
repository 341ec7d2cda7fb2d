package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.platform.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;

/** What a test does with tasks, through the public API alone. */
final class TestTasks {
  static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(25);
  private static final Set<String> ENDS = Set.of("succeeded", "failed", "canceled");

  private final TestClient client;

  TestTasks(TestClient client) {
    this.client = client;
  }

  TestClient client() {
    return client;
  }

  static ObjectNode body(String repoUrl, String prompt) {
    return Json.object().put("repoUrl", repoUrl).put("prompt", prompt);
  }

  String create(String repoUrl, String prompt) throws IOException, InterruptedException {
    return create(body(repoUrl, prompt));
  }

  String create(ObjectNode body) throws IOException, InterruptedException {
    TestClient.Answer answer = client.post("/api/tasks", body.toString());
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    return answer.json().path("id").asText();
  }

  JsonNode get(String id) throws IOException, InterruptedException {
    TestClient.Answer answer = client.get("/api/tasks/" + id);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  /** An act such as {@code cancel}; must be taken. */
  JsonNode act(String id, String act) throws IOException, InterruptedException {
    return act(id, act, "");
  }

  JsonNode act(String id, String act, String body) throws IOException, InterruptedException {
    TestClient.Answer answer = client.post("/api/tasks/" + id + "/" + act, body);
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    return answer.json();
  }

  JsonNode awaitStatus(String id, String... statuses) {
    Set<String> wanted = Set.of(statuses);
    return Awaitility.await("task " + id + " is " + wanted)
        .atMost(DEADLINE)
        .pollInterval(POLL)
        .until(
            () -> {
              JsonNode task = get(id);
              String status = task.path("status").asText();
              if (ENDS.contains(status) && !wanted.contains(status)) {
                throw new AssertionError("The task ended otherwise: " + task.toPrettyString());
              }
              return task;
            },
            task -> wanted.contains(task.path("status").asText()));
  }

  JsonNode awaitSuccess(String id) {
    return awaitStatus(id, "succeeded");
  }

  /** Every event so far, page by page. */
  List<JsonNode> events(String id) throws IOException, InterruptedException {
    return pages("/api/tasks/" + id + "/events");
  }

  List<JsonNode> messages(String id) throws IOException, InterruptedException {
    return pages("/api/tasks/" + id + "/messages");
  }

  List<JsonNode> toolCalls(String id) throws IOException, InterruptedException {
    return pages("/api/tasks/" + id + "/tool-calls");
  }

  private List<JsonNode> pages(String path) throws IOException, InterruptedException {
    List<JsonNode> items = new ArrayList<>();
    String cursor = "";
    do {
      TestClient.Answer answer =
          client.get(path + "?limit=200" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      answer.json().path("items").forEach(items::add);
      cursor = answer.json().path("nextCursor").asText("");
    } while (!cursor.isEmpty());
    return items;
  }

  /** The events' numbers are 1, 2, 3, … */
  static void assertGapFree(List<JsonNode> events) {
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).path("seq").asLong()).as("seq of event %d", i).isEqualTo(i + 1);
    }
  }
}
