package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.platform.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that come byte by byte, or not to their end, do not hold a connection. */
@Tag("once") // HTTP alone
@Timeout(120)
class SlowRequestsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final long DRIP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  @TempDir static Path directory;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        TestServer.start(
            directory,
            Map.of(Setting.ROLES, "web", Setting.REQUEST_TIMEOUT, TIMEOUT.toMillis() + "ms"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static RawHttp connection() throws IOException {
    return new RawHttp(server.mainstay().url());
  }

  private static String post(int length) {
    return RawHttp.head(
        "POST /api/queues/q/jobs HTTP/1.1",
        "Host: localhost",
        "Authorization: Bearer " + server.key(),
        "Content-Type: application/json",
        "Content-Length: " + length);
  }

  /** What is sent at once; a byte of the rest follows now and then. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "G",
        "GET /api/",
        "GET /health/live HTTP/1.1\r\n",
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: ",
        "POST",
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\nGET /hea"
      })
  void aHeadThatDripsIsCut(String begin) throws Exception {
    assertCutWhileDripping(begin, "a");
  }

  @Test
  void emptyLinesBeforeARequestAreNoPastime() throws Exception {
    assertCutWhileDripping("\r\n", "\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"name\": \""})
  void aBodyThatDripsIsCut(String begin) throws Exception {
    assertCutWhileDripping(post(100_000) + begin, "a");
  }

  @Test
  void aChunkedBodyThatDripsIsCut() throws Exception {
    String head = post(1).replace("Content-Length: 1", "Transfer-Encoding: chunked");
    assertCutWhileDripping(head, "1\r\na\r\n");
  }

  private static void assertCutWhileDripping(String begin, String drop) throws Exception {
    try (RawHttp http = connection()) {
      http.send(begin);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      boolean cut = false;
      while (!cut && System.nanoTime() < deadline) {
        LockSupport.parkNanos(DRIP_NANOS);
        try {
          http.send(drop);
        } catch (IOException e) {
          cut = true;
        }
      }
      assertThat(cut).isTrue();
    }
  }

  /** Closed by this, long before the idle timeout of 30 seconds. */
  @ParameterizedTest
  @ValueSource(strings = {"GET /hea", "GET / HTTP/1.1\r\nHost: localhost\r\nX-"})
  void halfAHeadIsCut(String begin) throws Exception {
    long began = System.nanoTime();
    try (RawHttp http = connection()) {
      http.send(begin).awaitClosed();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(25));
  }

  @Test
  void manyAtOnceKeepNobodyOut() throws Exception {
    List<RawHttp> dripping = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        dripping.add(connection().send("GET /health/live HT"));
      }
      assertThat(server.client().get("/api/me").status()).isEqualTo(200);
      for (RawHttp http : dripping) {
        http.awaitClosed();
      }
    } finally {
      for (RawHttp http : dripping) {
        http.close();
      }
    }
  }

  @Test
  void whatIsIdleOrSlowByRightIsNotCut() throws Exception {
    server.client().post("/api/queues/q/jobs", "{\"name\": \"a\"}");
    try (RawHttp upload = connection();
        RawHttp kept = connection();
        RawHttp stream = connection();
        RawHttp poll = connection()) {
      stream.send(
          RawHttp.head(
              "GET /api/queues/q/events HTTP/1.1",
              "Host: localhost",
              "Accept: text/event-stream",
              "Authorization: Bearer " + server.key()));
      assertThat(stream.head().status()).isEqualTo(200);
      poll.send(
          RawHttp.head(
              "GET /api/queues/q/events?cursor=$&wait=4000 HTTP/1.1",
              "Host: localhost",
              "Authorization: Bearer " + server.key()));
      String live = RawHttp.head("GET /health/live HTTP/1.1", "Host: localhost");
      assertThat(kept.send(live).receive().status()).isEqualTo(200);
      // 1,000 bytes a second, for several times the limit.
      String data = "{\"name\": \"" + "a".repeat(60) + "\", \"data\": \"";
      int length = data.length() + 50 * 80 + 2;
      upload.send(post(length) + data);
      for (int i = 0; i < 80; i++) {
        LockSupport.parkNanos(DRIP_NANOS);
        upload.send("b".repeat(50));
      }
      assertThat(upload.send("\"}").receive().status()).isEqualTo(201);
      assertThat(poll.receive().status()).isEqualTo(200);
      assertThat(kept.send(live).receive().status()).isEqualTo(200);
      server.client().post("/api/queues/q/jobs", "{\"name\": \"still\"}");
      assertThat(stream.silent(Duration.ofSeconds(20))).isFalse();
    }
  }
}
