package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.redis.RedisServerProcess;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that is there and does not answer: nobody hangs, all are told when to come back. */
@Timeout(180)
class StoreStuckTest {
  /** Far less than any caller's patience, far more than the machine's own moments. */
  private static final Duration NO_HANG = Duration.ofSeconds(8);

  private static final int ROUNDS = 2;

  @TempDir private Path directory;
  private final HttpClient http = HttpClient.newHttpClient();

  private HttpResponse<String> send(TestClient client, String method, String path, String body)
      throws Exception {
    HttpRequest.Builder request =
        client
            .request(path)
            .timeout(NO_HANG)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private void assertAway(TestClient client, String method, String path, String body)
      throws Exception {
    HttpResponse<String> answer = send(client, method, path, body);
    assertThat(answer.statusCode()).as(method + " " + path + answer.body()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("2");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains("storage-away").doesNotContain("Exception");
  }

  @Test
  void aFrozenRedis() throws Exception {
    Path files = Files.createDirectory(directory.resolve("redis"));
    try (RedisServerProcess redis = RedisServerProcess.durable(files);
        TestServer server =
            TestServer.start(
                directory,
                Map.of(
                    Setting.ROLES, "web",
                    Setting.QUEUE, "redis",
                    Setting.REDIS_URL, redis.uri()))) {
      TestClient client = server.client();
      String job = "{\"name\": \"a\"}";
      assertThat(send(client, "POST", "/api/queues/q/jobs", job).statusCode()).isEqualTo(201);
      redis.hang();
      try {
        for (int i = 0; i < ROUNDS; i++) {
          for (String[] call :
              List.of(
                  new String[] {"GET", "/api/queues/q/jobs", ""},
                  new String[] {"GET", "/api/queues/q/jobs/1", ""},
                  new String[] {"GET", "/api/queues", ""},
                  new String[] {"POST", "/api/queues/q/pause", ""},
                  new String[] {"GET", "/api/queues/q/events", ""},
                  new String[] {"GET", "/api/queues/q/metrics", ""})) {
            assertAway(client, call[0], call[1], call[2]);
          }
          // What does not need it goes on; jobs wait in the database.
          assertThat(send(client, "POST", "/api/queues/q/jobs", job).statusCode()).isEqualTo(201);
          assertThat(send(client, "GET", "/api/me", "").statusCode()).isEqualTo(200);
          assertThat(send(client, "GET", "/api/tasks", "").statusCode()).isEqualTo(200);
          assertThat(send(client, "GET", "/health/ready", "").statusCode()).isEqualTo(200);
        }
      } finally {
        redis.wake();
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                HttpResponse<String> jobs = send(client, "GET", "/api/queues/q/jobs", "");
                return jobs.statusCode() == 200
                    && Json.read(jobs.body()).path("items").size() == 1 + ROUNDS;
              });
      assertThat(send(client, "GET", "/api/queues", "").statusCode()).isEqualTo(200);
    } finally {
      http.shutdownNow();
    }
  }

  @Tag("once") // SQLite's file
  @Test
  void aFileThatAnotherProcessHasLocked() throws Exception {
    try (ServerProcess server =
            ServerProcess.start(
                directory, Map.of("MAINSTAY_ROLES", "web", "MAINSTAY_SANDBOX", "off"));
        Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + server.data().resolve("mainstay.db"));
        Statement statement = other.createStatement()) {
      TestClient client = server.client();
      String job = "{\"name\": \"a\"}";
      assertThat(send(client, "POST", "/api/queues/q/jobs", job).statusCode()).isEqualTo(201);
      statement.execute("begin immediate");
      for (int i = 0; i < 3; i++) {
        assertAway(client, "POST", "/api/queues/q/jobs", job);
        assertAway(client, "POST", "/api/keys", "{\"name\": \"k\"}");
        assertThat(send(client, "GET", "/api/me", "").statusCode()).isEqualTo(200);
        assertThat(send(client, "GET", "/api/queues", "").statusCode()).isEqualTo(200);
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> send(client, "GET", "/health/ready", "").statusCode() == 503);
      statement.execute("rollback");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> send(client, "POST", "/api/queues/q/jobs", job).statusCode() == 201);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> send(client, "GET", "/health/ready", "").statusCode() == 200);
      assertThat(server.log()).doesNotContain("\tat ");
      assertThat(server.log().lines().filter(line -> line.contains("The store is away")))
          .hasSize(1);
    } finally {
      http.shutdownNow();
    }
  }
}
