package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real file system that is full: a small one in the memory of the server's own namespace. */
@Tag("once") // SQLite's file
class FullDiskTest {
  private static final String MOUNT =
      """
      cp -a "$1" "$1.seed" && mount -t tmpfs -o size=24m tmpfs "$1" && cp -a "$1.seed/." "$1" && shift && exec "$@"
      """;

  @TempDir private Path directory;

  @Test
  void writesAreRefusedUntilThereIsSpaceAndTheLogSaysSoOnce() throws Exception {
    try (ServerProcess server =
        ServerProcess.in(directory, Map.of("MAINSTAY_ROLES", "web", "MAINSTAY_SANDBOX", "off"))) {
      server
          .within(
              List.of(
                  "unshare",
                  "--user",
                  "--map-root-user",
                  "--mount",
                  "sh",
                  "-c",
                  MOUNT,
                  "sh",
                  server.data().toString()))
          .start();
      TestClient client = server.client();
      assertThat(client.get("/health/ready").status()).isEqualTo(200);

      Path filler = Path.of("/proc/" + server.pid() + "/root" + server.data().resolve("filler"));
      fill(filler);
      await().atMost(Duration.ofSeconds(30)).until(() -> post(client).status() != 201);
      for (int i = 0; i < 20; i++) {
        TestClient.Answer answer = post(client);
        assertThat(answer.status()).as(answer.body()).isEqualTo(503);
        assertThat(answer.json().path("type").asText())
            .isEqualTo("urn:mainstay:problem:storage-away");
        assertThat(answer.response().headers().firstValue("Retry-After")).contains("2");
      }
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> client.get("/health/ready").status() == 503);
      assertThat(client.get("/health/live").status()).isEqualTo(200);
      assertThat(client.get("/api/me").status()).as("what is read needs no space").isEqualTo(200);

      Files.delete(filler);
      await().atMost(Duration.ofSeconds(30)).until(() -> post(client).status() == 201);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> client.get("/health/ready").status() == 200);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> server.log().contains("The store is back"));
      assertThat(server.log().lines().filter(line -> line.contains("The store is away")))
          .hasSize(1);
      assertThat(server.log()).doesNotContain("\tat ");
    }
  }

  private static TestClient.Answer post(TestClient client) throws Exception {
    return client.post(
        "/api/queues/q/jobs", "{\"name\": \"a\", \"data\": \"" + "x".repeat(9000) + "\"}");
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }
}
