package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The link that lets the owner in: printed until the owner has signed in once. */
class OwnerLinkTest {
  private static final Pattern LINK = Pattern.compile("/sign-in#token=([\\w-]{40,})");

  @TempDir private Path directory;

  private static List<String> tokens(ServerProcess server) {
    return LINK.matcher(server.log()).results().map((MatchResult link) -> link.group(1)).toList();
  }

  @Test
  void eachStartPrintsALinkUntilTheOwnerHasSignedIn() throws Exception {
    // The data directory was made by a command before the first start, as by key create.
    try (ServerProcess server =
        ServerProcess.start(directory, Map.of("MAINSTAY_MODEL", "scripted"))) {
      awaitLinks(server, 1);
      // A session that a key has opened is a program's, and not the owner in person.
      TestClient.Answer byKey = server.client().post("/api/auth/key", key(server));
      assertThat(byKey.status()).as(byKey.body()).isEqualTo(204);
      server.restart();
      awaitLinks(server, 2);
      assertThat(tokens(server)).doesNotHaveDuplicates();

      JsonNode token = Json.object().put("token", tokens(server).getLast());
      TestClient.Answer signedIn = server.client().post("/api/auth/link", token.toString());
      assertThat(signedIn.status()).as(signedIn.body()).isEqualTo(204);
      server.restart();
      // What it has to say at the start is said when it has ended.
      server.stop();
      assertThat(tokens(server)).hasSize(2);
    }
  }

  /** A link comes after the line by which a server is ready. */
  private static void awaitLinks(ServerProcess server, int count) {
    Awaitility.await()
        .atMost(TestTasks.DEADLINE)
        .untilAsserted(() -> assertThat(tokens(server)).hasSize(count));
  }

  private static String key(ServerProcess server) {
    return Json.object().put("key", server.key()).toString();
  }
}
