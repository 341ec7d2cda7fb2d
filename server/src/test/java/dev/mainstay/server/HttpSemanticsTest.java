package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.http.Endpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP as RFC 9110 has it, byte by byte. */
@Tag("once") // HTTP alone
@Timeout(60)
class HttpSemanticsTest {
  @TempDir static Path directory;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        TestServer.start(
            directory,
            Map.of(Setting.ROLES, "web", Setting.PUBLIC_URL, "https://mainstay.example.com"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static RawHttp.Received exchange(String... lines) throws Exception {
    // Where it listens; its own name is another.
    try (RawHttp http =
        new RawHttp(java.net.URI.create("http://127.0.0.1:" + server.mainstay().port()))) {
      return http.send(RawHttp.head(lines)).receive();
    }
  }

  /** What Jetty refuses before any route is found. */
  @ParameterizedTest
  @CsvSource({
    "/api/tasks/a%00b, 400",
    "/%00, 400",
    "/api/tasks/%zz, 400",
    "/api/tasks/%, 400",
    "/api/%c0%ae, 400"
  })
  void pathsThatAreNoneAreProblems(String path, int status) throws Exception {
    RawHttp.Received answer = exchange("GET " + path + " HTTP/1.1", "Host: localhost");
    assertProblem(answer, status);
    // Else a client would send its next request into a connection that is being closed.
    assertThat(answer.header("Connection")).contains("close");
  }

  private static void assertProblem(RawHttp.Received answer, int status) {
    assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).contains("application/problem+json");
    assertThat(Json.read(answer.body()).path("status").asInt()).isEqualTo(status);
  }

  @Test
  void headersMayBeLongAndTooLongOnesAreProblems() throws Exception {
    assertThat(
            exchange(
                    "GET /health/live HTTP/1.1",
                    "Host: localhost",
                    "Connection: close",
                    "X-Long: " + "a".repeat(12_000))
                .status())
        .isEqualTo(200);
    assertProblem(
        exchange("GET /health/live HTTP/1.1", "Host: localhost", "X-Long: " + "a".repeat(20_000)),
        431);
    assertProblem(exchange("GET /" + "a".repeat(20_000) + " HTTP/1.1", "Host: localhost"), 414);
  }

  @ParameterizedTest
  @CsvSource({"DELETE, /api/me", "PUT, /api/tasks", "POST, /health/ready", "DELETE, /openapi.json"})
  void aMethodThatIsNotTakenIsAnsweredWithThoseThatAre(String method, String path)
      throws Exception {
    RawHttp.Received answer =
        exchange(
            method + " " + path + " HTTP/1.1",
            "Host: localhost",
            "Content-Length: 0",
            "Connection: close");
    assertProblem(answer, 405);
    assertThat(answer.header("Allow").orElse("")).contains("GET").doesNotContain(method);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Expect: 100-continue"})
  void aBodyThatIsTooLargeIsRefusedBeforeItIsSent(String expect) throws Exception {
    RawHttp.Received answer =
        exchange(
            "POST /api/queues/q/jobs HTTP/1.1",
            "Host: localhost",
            "Authorization: Bearer " + server.key(),
            "Content-Type: application/json",
            expect.isEmpty() ? "X-None: 1" : expect,
            "Content-Length: 104857600");
    assertProblem(answer, 413);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/me", "/health/live", "/nothing", "/openapi.json"})
  void everyAnswerSaysWhatBrowsersAndCachesMay(String path) throws Exception {
    RawHttp.Received answer =
        exchange("GET " + path + " HTTP/1.1", "Host: localhost", "Connection: close");
    assertThat(answer.header("Strict-Transport-Security").orElse("")).startsWith("max-age=");
    assertThat(answer.header("Cross-Origin-Opener-Policy")).contains("same-origin");
    assertThat(answer.header("Permissions-Policy").orElse("")).contains("camera=()");
    assertThat(answer.header("Vary").orElse("")).contains("Accept-Encoding");
  }

  /** The length that GET has, or none (RFC 9110, 8.6 and 9.3.2), on every route; and no body. */
  @Test
  void headIsGetWithoutABody() throws Exception {
    List<String> paths =
        new ArrayList<>(List.of("/", "/tasks/a", "/favicon.svg", "/nothing", "/ws"));
    for (Endpoint<?> endpoint : server.mainstay().endpoints()) {
      if (endpoint.method() == Endpoint.Method.GET && !endpoint.fromElsewhere()) {
        paths.add(endpoint.path().replaceAll("\\{[^}]*}", "x"));
      }
    }
    for (String path : paths) {
      for (String more :
          List.of("X-None: 1", "Accept-Encoding: gzip", "Accept: text/event-stream")) {
        RawHttp.Received get = exchange(lines("GET", path, more));
        RawHttp.Received head = exchange(lines("HEAD", path, more));
        assertThat(head.status()).as("%s %s", path, more).isEqualTo(get.status());
        assertThat(head.header("Content-Type"))
            .as("%s %s", path, more)
            .isEqualTo(get.header("Content-Type"));
        head.header("Content-Length")
            .ifPresent(
                length ->
                    assertThat(Optional.of(length))
                        .as("%s %s", path, more)
                        .isEqualTo(get.header("Content-Length")));
        assertThat(head.body()).as("%s %s", path, more).isEmpty();
      }
    }
  }

  private static String[] lines(String method, String path, String more) {
    return new String[] {
      method + " " + path + " HTTP/1.1",
      "Host: localhost",
      "Authorization: Bearer " + server.key(),
      "Connection: close",
      more
    };
  }

  @Test
  void afterAnAnswerToHeadTheConnectionGoesOn() throws Exception {
    try (RawHttp http =
        new RawHttp(java.net.URI.create("http://127.0.0.1:" + server.mainstay().port()))) {
      for (String path : List.of("/api/me", "/", "/openapi.json", "/nothing")) {
        http.send(
            RawHttp.head(
                "HEAD " + path + " HTTP/1.1",
                "Host: localhost",
                "Authorization: Bearer " + server.key()));
        assertThat(http.head().status()).isIn(200, 404);
      }
      http.send(RawHttp.head("GET /health/live HTTP/1.1", "Host: localhost"));
      assertThat(http.receive().status()).isEqualTo(200);
    }
  }
}
