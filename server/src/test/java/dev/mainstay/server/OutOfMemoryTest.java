package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that is out of memory ends by itself, so that a supervisor starts it again. */
@Tag("once") // memory, whatever the database is
class OutOfMemoryTest {
  private static final int BODIES = 120;
  private static final int BODY_BYTES = 1_000_000;

  @TempDir private Path directory;

  /** With the launcher's option, and without any, as with {@code java -jar}. */
  @ParameterizedTest
  @ValueSource(strings = {"-Xmx48m -XX:+ExitOnOutOfMemoryError", "-Xmx48m"})
  void theProcessEndsWithItsCode(String options) throws Exception {
    List<RawHttp> open = new ArrayList<>();
    try (ServerProcess server =
        ServerProcess.start(directory, Map.of("_JAVA_OPTIONS", options, "MAINSTAY_ROLES", "web"))) {
      String head =
          RawHttp.head(
              "POST /api/tasks HTTP/1.1",
              "Host: localhost",
              "Authorization: Bearer " + server.key(),
              "Content-Type: application/json",
              "Content-Length: " + (BODY_BYTES + 1));
      String body = " ".repeat(BODY_BYTES);
      for (int i = 0; i < BODIES && server.isAlive(); i++) {
        try {
          RawHttp http = new RawHttp(server.url());
          open.add(http);
          // The last byte does not come: the server holds what came so far.
          http.send(head + body);
        } catch (java.io.IOException e) {
          break; // it is going down
        }
      }
      assertThat(server.awaitEnd()).isEqualTo(3);
      server.start(); // nothing is left behind that keeps it from coming back
    } finally {
      for (RawHttp http : open) {
        http.close();
      }
    }
  }
}
