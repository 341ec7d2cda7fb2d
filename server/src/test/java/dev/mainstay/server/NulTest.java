package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** NUL is text for some and the end of it for others; both databases treat it alike. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NulTest {
  @TempDir static Path directory;
  private static PlayedModel model;
  private static TestRepository repository;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    model =
        PlayedModel.of(
            Reply.text("I print\0it.").bash("toolu_0", "printf 'a\\0b'; printf 'c\\0d' > nul.bin"),
            Reply.text("I read.").read("toolu_1", "nul.bin"),
            Reply.text("Do\0ne."));
    repository = TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    server =
        TestServer.start(
            directory,
            Map.of(
                Setting.ANTHROPIC_BASE_URL, model.url(),
                Setting.ANTHROPIC_API_KEY, "sk-test",
                Setting.LOCAL_REPOS, directory.toString()));
  }

  @AfterAll
  static void stop() {
    server.close();
    model.close();
  }

  @Test
  void requestsThatHaveItAreRefused() throws Exception {
    TestClient client = server.client();
    for (String path :
        List.of(
            "/api/tasks?q=a%00b",
            "/api/tasks?cursor=%00", "/api/queues?cursor=%00", "/api/keys?cursor=%00")) {
      TestClient.Answer answer = client.get(path);
      assertThat(answer.status()).as(path + answer.body()).isEqualTo(400);
      assertThat(answer.json().path("detail").asText()).contains("must not contain NUL");
    }
    for (String path :
        List.of("/api/tasks/a%00", "/api/tasks/a%00/events", "/api/queues/q/jobs/%00")) {
      // The server ends the connection after a path that is none, unannounced: it is not used
      // again.
      assertThat(server.client().get(path).status()).as(path).isIn(400, 404);
    }
    for (var body :
        Map.of(
                "/api/keys", "{\"name\":\"a\\u0000\"}",
                "/api/tasks", "{\"repoUrl\":\"/x\",\"prompt\":\"a\\u0000\"}",
                "/api/queues/q/jobs", "[{\"name\":\"ok\"},{\"name\":\"a\\u0000\"}]")
            .entrySet()) {
      TestClient.Answer answer = client.post(body.getKey(), body.getValue());
      assertThat(answer.status()).as(body.getKey() + answer.body()).isEqualTo(400);
      assertThat(answer.body()).containsPattern("NUL|control characters");
    }
    try (SocketReader socket = SocketReader.open(server.mainstay().url(), server.key())) {
      assertThat(
              socket
                  .send("{\"type\":\"subscribe\",\"taskId\":\"a\\u0000\"}")
                  .next()
                  .orElseThrow()
                  .path("type")
                  .asText())
          .isEqualTo("error");
    }
  }

  @Test
  void dataOfJobsKeepsIt() throws Exception {
    TestClient client = server.client();
    String data = "{\"text\":\"a\\u0000b\"}";
    TestClient.Answer added =
        client.post("/api/queues/nul/jobs", "{\"name\":\"x\",\"data\":" + data + "}");
    assertThat(added.status()).as(added.body()).isBetween(200, 299);
    String id = added.json().path("id").asText();
    assertThat(client.get("/api/queues/nul/jobs/" + id).json().path("data").path("text").asText())
        .isEqualTo("a\0b");
  }

  @Test
  void whatToolsAndModelsSayMayHaveIt() throws Exception {
    TestTasks tasks = new TestTasks(server.client());
    String id = tasks.create(repository.url(), "Print NUL");
    JsonNode task = tasks.awaitSuccess(id);
    assertThat(task.path("result").path("summary").asText()).isEqualTo("Do\uFFFDne.");
    assertThat(tasks.toolCalls(id)).hasSize(2);
    for (JsonNode call : tasks.toolCalls(id)) {
      assertThat(call.path("output").asText()).doesNotContain("\0");
    }
    assertThat(server.client().get("/api/tasks/" + id + "/diff").status()).isEqualTo(200);
    assertThat(model.violations()).isEmpty();
  }
}
