package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.platform.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was ended is so for good: the process is killed the moment it has said so. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RevocationTest {
  @TempDir Path directory;

  private static int me(TestClient client, String... headers)
      throws IOException, InterruptedException {
    var request = client.request("/api/me").GET();
    return client.send(headers.length == 0 ? request : request.headers(headers)).status();
  }

  private static String session(TestClient nobody, String key)
      throws IOException, InterruptedException {
    TestClient.Answer opened =
        nobody.post("/api/auth/key", Json.object().put("key", key).toString());
    assertThat(opened.status()).as(opened.body()).isEqualTo(204);
    return opened.cookie();
  }

  @Test
  void whatWasRevokedStaysSoAfterAKill() throws Exception {
    try (ServerProcess server = ServerProcess.in(directory, Map.of())) {
      server.start();
      TestClient.Answer made = server.client().post("/api/keys", "{\"name\":\"lent\"}");
      String lent = made.json().path("key").asText();
      TestClient nobody = new TestClient(server.url(), "");
      String kept = session(nobody, server.key());
      String signedOut = session(nobody, server.key());
      String ofLent = session(nobody, lent);
      for (String cookie : List.of(kept, signedOut, ofLent)) {
        assertThat(me(nobody, "Cookie", cookie)).isEqualTo(200);
      }
      assertThat(nobody.post("/api/auth/sign-out", "{}", "Cookie", signedOut).status())
          .isEqualTo(200);
      assertThat(server.client().delete("/api/keys/" + made.json().path("id").asText()).status())
          .isEqualTo(204);
      server.restart();

      TestClient after = new TestClient(server.url(), "");
      assertThat(me(new TestClient(server.url(), lent))).isEqualTo(401);
      assertThat(me(after, "Cookie", signedOut)).isEqualTo(401);
      assertThat(me(after, "Cookie", ofLent)).isEqualTo(401);
      assertThat(me(after, "Cookie", kept)).isEqualTo(200);
      assertThat(me(server.client())).isEqualTo(200);
    }
  }
}
