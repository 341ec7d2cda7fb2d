package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Setting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was opened with a key or session ends with it: none of these would end by itself. */
@Timeout(60)
class LiveAccessTest {
  /** Less than any heartbeat, by which a stream might find out by itself. */
  private static final Duration SOON = Duration.ofSeconds(4);

  @TempDir private Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    // Without a worker a task stays queued, and its stream open.
    server =
        TestServer.start(
            directory,
            Map.of(
                Setting.ROLES, "web",
                Setting.MODEL, "scripted",
                Setting.LOCAL_REPOS, directory.toString()));
    server.client().post("/api/queues/mail/jobs", "{\"name\": \"a\"}");
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
    server.close();
  }

  private JsonNode newKey() throws Exception {
    return server.client().post("/api/keys", "{\"name\": \"short-lived\"}").json();
  }

  private void revoke(JsonNode key) throws Exception {
    assertThat(server.client().delete("/api/keys/" + key.path("id").asText()).status())
        .isEqualTo(204);
  }

  private TestClient client(JsonNode key) {
    return new TestClient(server.mainstay().url(), key.path("key").asText());
  }

  /** A stream of which the first line has come. */
  private BufferedReader follow(TestClient client, String path, String... headers)
      throws IOException, InterruptedException {
    var request = client.request(path).header("Accept", "text/event-stream");
    if (headers.length > 0) {
      request.headers(headers);
    }
    var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    assertThat(lines.readLine()).isNotNull();
    return lines;
  }

  /** In good order: a stream that is cut off fails. */
  private static void assertEndsSoon(BufferedReader lines) throws IOException {
    long before = System.nanoTime();
    String line = lines.readLine();
    while (line != null) {
      line = lines.readLine();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(SOON);
  }

  @Test
  void streamsEndWithTheirKeyAndNoOthers() throws Exception {
    JsonNode key = newKey();
    JsonNode other = newKey();
    TestRepository repository =
        TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    String task = new TestTasks(server.client()).create(repository.url(), "Wait");
    try (BufferedReader queue = follow(client(key), "/api/queues/mail/events");
        BufferedReader events = follow(client(key), "/api/tasks/" + task + "/events");
        EventReader others = new EventReader(client(other), task, 0)) {
      revoke(key);
      assertEndsSoon(queue);
      assertEndsSoon(events);
      assertThat(others.nextStored()).isPresent();
      server.client().post("/api/tasks/" + task + "/cancel", "");
      assertThat(others.nextStored()).isPresent();
    }
  }

  @Test
  void aSocketIsClosedWithItsKey() throws Exception {
    JsonNode key = newKey();
    try (SocketReader socket =
        SocketReader.open(server.mainstay().url(), key.path("key").asText())) {
      socket.subscribe("*", 0);
      revoke(key);
      assertThat(socket.next()).isEmpty();
      assertThat(socket.closeCode()).isEqualTo(1008);
    }
  }

  @Test
  void aStreamEndsWhenItsSessionSignsOut() throws Exception {
    TestClient nobody = new TestClient(server.mainstay().url(), "");
    TestClient.Answer signedIn =
        nobody.post("/api/auth/key", "{\"key\": \"" + server.key() + "\"}");
    String cookie = signedIn.cookie();
    try (BufferedReader queue = follow(nobody, "/api/queues/mail/events", "Cookie", cookie)) {
      assertThat(nobody.post("/api/auth/sign-out", "", "Cookie", cookie).status()).isEqualTo(200);
      assertEndsSoon(queue);
    }
  }
}
