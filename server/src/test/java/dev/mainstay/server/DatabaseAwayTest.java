package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.mainstay.server.platform.PostgresFaults;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.StorageHealth;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A PostgreSQL server that is killed, frozen, cut off or read-only under a running server. */
@Tag("postgres")
@Timeout(180)
class DatabaseAwayTest {
  /** Far less than any caller's patience, far more than the machine's own moments. */
  private static final Duration NO_HANG = Duration.ofSeconds(8);

  @TempDir private Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private PostgresFaults postgres;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    postgres = PostgresFaults.start();
    server =
        TestServer.start(
            directory, Map.of(Setting.ROLES, "web", Setting.DATABASE_URL, postgres.url()));
    log.start();
    ((Logger) LoggerFactory.getLogger(StorageHealth.class)).addAppender(log);
    assertThat(ready()).isEqualTo(200);
  }

  @AfterEach
  void stop() throws Exception {
    ((Logger) LoggerFactory.getLogger(StorageHealth.class)).detachAppender(log);
    http.shutdownNow();
    postgres.thaw();
    server.close();
    postgres.close();
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    HttpRequest.Builder request =
        server
            .client()
            .request(path)
            .timeout(NO_HANG)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private int ready() throws Exception {
    return send("GET", "/health/ready", "").statusCode();
  }

  private int post() throws Exception {
    return send("POST", "/api/queues/q/jobs", "{\"name\": \"a\"}").statusCode();
  }

  private void assertRefuses() throws Exception {
    for (int i = 0; i < 3; i++) {
      for (String[] call :
          List.of(
              new String[] {"GET", "/api/me", ""},
              new String[] {"GET", "/api/tasks?q=x", ""},
              new String[] {"GET", "/api/queues", ""},
              new String[] {"POST", "/api/queues/q/jobs", "{\"name\": \"a\"}"},
              new String[] {
                "POST",
                "/api/auth/sign-in/email",
                "{\"email\": \"a@example.com\", \"password\": \"p\"}"
              })) {
        HttpResponse<String> answer = send(call[0], call[1], call[2]);
        assertThat(answer.statusCode()).as(call[1] + answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.headers().firstValue("Content-Type"))
            .contains("application/problem+json");
      }
    }
    assertThat(ready()).isEqualTo(503);
    assertThat(send("GET", "/health/live", "").statusCode()).isEqualTo(200);
  }

  private void assertSaidOnce() {
    assertThat(
            log.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains("is away")))
        .hasSize(1);
  }

  @Test
  void aFrozenServerIsNoticedAndComesBack() throws Exception {
    postgres.freeze();
    assertRefuses();
    assertSaidOnce();
    postgres.thaw();
    await().atMost(Duration.ofSeconds(30)).until(() -> ready() == 200 && post() == 201);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                log.list.stream().anyMatch(line -> line.getFormattedMessage().contains("is back")));
    assertSaidOnce();
  }

  @Test
  void aKilledServerIsNoticed() throws Exception {
    postgres.kill();
    assertRefuses();
    assertSaidOnce();
  }

  @Test
  void sessionsThatAreEndedCostNobodyAnAnswer() throws Exception {
    for (int i = 0; i < 5; i++) {
      postgres.cutConnections();
      assertThat(send("GET", "/api/me", "").statusCode()).isEqualTo(200);
      assertThat(post()).isEqualTo(201);
    }
    assertThat(log.list).isEmpty();
  }

  @Test
  void aDatabaseThatBecomesReadOnlyIsNotReady() throws Exception {
    postgres.execute("alter database postgres set default_transaction_read_only = on");
    postgres.cutConnections();
    await().atMost(Duration.ofSeconds(30)).until(() -> post() == 503 && ready() == 503);
    assertThat(send("GET", "/api/me", "").statusCode()).isEqualTo(200);
    postgres.execute(
        "set transaction_read_only = off; alter database postgres reset default_transaction_read_only");
    postgres.cutConnections();
    await().atMost(Duration.ofSeconds(30)).until(() -> post() == 201 && ready() == 200);
  }
}
