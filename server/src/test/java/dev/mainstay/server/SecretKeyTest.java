package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.server.platform.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start with the secret key of another instance, as an operator sees it. */
class SecretKeyTest {
  private static final String OTHER = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

  @TempDir private Path directory;

  private ServerProcess server(String keys) {
    return ServerProcess.in(directory, Map.of("MAINSTAY_SECRET_KEY", keys));
  }

  @Test
  void aServerWithAnotherKeyDoesNotStart() throws Exception {
    try (ServerProcess server = server(TestDatabases.SECRET_KEY)) {
      server.start();
      server.stop();
    }
    assertThat(directory.resolve("data").resolve("secret.key")).doesNotExist();
    Files.delete(directory.resolve("server.log"));
    try (ServerProcess server = server(OTHER)) {
      assertThatThrownBy(server::start)
          .hasMessageContaining("The database was made with another secret key")
          .hasMessageContaining("MAINSTAY_SECRET_KEY")
          .hasMessageNotContaining("Exception")
          .hasMessageNotContaining(OTHER);
    }
    try (ServerProcess server = server("canary," + OTHER)) {
      assertThatThrownBy(server::start)
          .hasMessageContaining("MAINSTAY_SECRET_KEY is not usable")
          .hasMessageNotContaining("canary")
          .hasMessageNotContaining(OTHER);
    }
    try (ServerProcess server = server(OTHER + "," + TestDatabases.SECRET_KEY)) {
      server.start();
      server.restart();
    }
  }
}
