package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A caller's streams are bounded, whatever kind they are of, and so are all of an organization. */
@Timeout(180)
class StreamLimitsTest {
  private static final int CREDENTIAL = 2;
  private static final int ORGANIZATION = 5;

  @TempDir static Path directory;
  private static TestServer server;
  private static String task;

  @BeforeAll
  static void start() throws Exception {
    // Without a worker a task stays queued, and its stream open.
    server =
        TestServer.start(
            directory,
            Map.of(
                Setting.ROLES, "web",
                Setting.MODEL, "scripted",
                Setting.LOCAL_REPOS, directory.toString(),
                Setting.STREAMS_PER_CREDENTIAL, Integer.toString(CREDENTIAL),
                Setting.STREAMS_PER_ORGANIZATION, Integer.toString(ORGANIZATION)));
    server.client().post("/api/queues/mail/jobs", "{\"name\": \"a\"}");
    TestRepository repository =
        TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    task = new TestTasks(server.client()).create(repository.url(), "Wait");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Every way in which something stays open. */
  enum Kind {
    TASK,
    QUEUE,
    SOCKET;

    String head(String key) {
      String[] more =
          this == SOCKET
              ? new String[] {
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
              }
              : new String[] {"Accept: text/event-stream"};
      String path =
          switch (this) {
            case TASK -> "/api/tasks/" + task + "/events";
            case QUEUE -> "/api/queues/mail/events";
            case SOCKET -> "/ws";
          };
      return RawHttp.head(
          "GET " + path + " HTTP/1.1",
          "Host: localhost",
          "Authorization: Bearer " + key,
          String.join("\r\n", more));
    }
  }

  private static String newKey() throws Exception {
    return server.client().post("/api/keys", "{\"name\": \"streams\"}").json().path("key").asText();
  }

  private static RawHttp connection() throws Exception {
    return new RawHttp(server.mainstay().url());
  }

  private static int status(RawHttp http, Kind kind, String key) throws Exception {
    return http.send(kind.head(key)).head().status();
  }

  private static void assertRefused(Kind kind, String key, String whose) throws Exception {
    try (RawHttp http = connection()) {
      RawHttp.Received answer = http.send(kind.head(key)).receive();
      assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(429);
      assertThat(answer.header("Content-Type")).contains("application/problem+json");
      assertThat(answer.header("Retry-After")).contains("15");
      JsonNode problem = Json.read(answer.body());
      assertThat(problem.path("code").asText())
          .as(answer.head() + answer.body())
          .isEqualTo("TOO_MANY_STREAMS");
      assertThat(problem.path("detail").asText()).startsWith(whose);
    }
  }

  /** Makes the server write to its streams, by which it notices who is gone. */
  private static void happen() throws Exception {
    server.client().post("/api/queues/mail/jobs", "{\"name\": \"a\"}");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void oneTooManyIsRefusedUntilAnotherIsClosed(Kind kind) throws Exception {
    String key = newKey();
    try (RawHttp first = connection();
        RawHttp second = connection()) {
      int opened = kind == Kind.SOCKET ? 101 : 200;
      assertThat(status(first, kind, key)).isEqualTo(opened);
      assertThat(status(second, kind, key)).isEqualTo(opened);
      for (Kind any : Kind.values()) {
        assertRefused(any, key, "This session or key has " + CREDENTIAL);
      }
      assertThat(server.client().get("/api/me").status()).isEqualTo(200);
      first.close();
      await()
          .atMost(Duration.ofSeconds(100))
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                happen();
                try (RawHttp http = connection()) {
                  return status(http, kind, key) == opened;
                }
              });
    }
    assertNoneOpen();
  }

  /** All are given back, also those whose clients went away without a word. */
  private static void assertNoneOpen() {
    await()
        .atMost(Duration.ofSeconds(100))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              happen();
              return metrics().contains("mainstay_streams_open 0.0");
            });
  }

  private static String metrics() throws Exception {
    return server.adminClient().get("/actuator/prometheus").body();
  }

  @Test
  void anOrganizationHasALimitOverAllItsKeys() throws Exception {
    List<RawHttp> open = new ArrayList<>();
    try {
      String key = newKey();
      for (int i = 0; i < ORGANIZATION; i++) {
        key = i % CREDENTIAL == 0 ? newKey() : key;
        RawHttp http = connection();
        open.add(http);
        assertThat(status(http, Kind.SOCKET, key)).isEqualTo(101);
      }
      assertRefused(Kind.SOCKET, newKey(), "This organization has " + ORGANIZATION);
      assertThat(metrics())
          .contains("mainstay_streams_open " + ORGANIZATION + ".0")
          .containsPattern("mainstay_streams_refused_total\\{limit=\"organization\"} [1-9]");
    } finally {
      for (RawHttp http : open) {
        http.close();
      }
    }
    assertNoneOpen();
  }

  @Test
  void anUpgradeThatComesToNothingTakesNoPlace() throws Exception {
    String key = newKey();
    for (int i = 0; i < 3 * ORGANIZATION; i++) {
      try (RawHttp http = connection()) {
        http.send(
            Kind.SOCKET.head(key).replace("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 7"));
        assertThat(http.head().status()).isBetween(400, 428);
      }
    }
    assertNoneOpen();
  }

  @Test
  void whatASocketFollowsCountsToo() throws Exception {
    String key = newKey();
    try (SocketReader socket = SocketReader.open(server.mainstay().url(), key)) {
      socket.subscribe("*", 0).subscribe(task, 0);
      assertThat(socket.nextStored()).isPresent();
      assertRefused(Kind.TASK, key, "This session or key has " + CREDENTIAL);
      String other = Json.object().put("type", "unsubscribe").put("taskId", "*").toString();
      socket.send(other).send(other.replace("*", task));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                try (RawHttp http = connection()) {
                  return status(http, Kind.TASK, key) == 200;
                }
              });
    }
    assertNoneOpen();
  }
}
