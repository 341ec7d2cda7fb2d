package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.PlayedModel.Move;
import dev.mainstay.server.PlayedModel.Say;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server does with work that must not leave it, or that does not let it live. */
class DeliveryTest {
  private static final String KEY = "model-key-of-this-server";
  private static final String REFUSED = "The server does not push this change";

  @TempDir private Path directory;

  private ServerProcess server(PlayedModel model) throws InterruptedException {
    return ServerProcess.start(
        directory,
        Map.of(
            "ANTHROPIC_BASE_URL", model.url(),
            "ANTHROPIC_API_KEY", KEY,
            "MAINSTAY_LOCAL_REPOS", directory.toString()));
  }

  /** Writes the key, and takes it out once it is told to; or says that it did. */
  private static Move play(Conversation conversation) {
    int turn = conversation.turns();
    int refusals =
        (int) conversation.userTexts().stream().filter(text -> text.contains(REFUSED)).count();
    boolean insists = conversation.prompt().startsWith("Insist");
    boolean writes = turn == 2 * refusals && !(insists && refusals > 0);
    if (!writes) {
      return new Say(Reply.text("Done " + turn + "."));
    }
    String content = refusals == 0 ? "first\nkey = " + KEY + "\n" : "key = $ANTHROPIC_API_KEY\n";
    return new Say(Reply.text("I write.").write("toolu_" + turn, "config.ini", content));
  }

  @Test
  void secretsGoBackToTheAgentAndNotToTheRemote() throws Exception {
    TestRepository repository =
        TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    try (PlayedModel model = new PlayedModel((conversation, time) -> play(conversation));
        ServerProcess server = server(model)) {
      String mended = server.tasks().create(repository.url(), "Mend what you are told");
      String insisted = server.tasks().create(repository.url(), "Insist on it");

      JsonNode task = server.tasks().awaitSuccess(mended);
      String branch = task.path("result").path("branch").asText();
      assertThat(repository.file(branch, "config.ini")).isEqualTo("key = $ANTHROPIC_API_KEY");
      assertThat(model.lastHeard("Mend what you are told").userTexts())
          .singleElement()
          .asString()
          .startsWith(REFUSED)
          .contains("config.ini:2: a secret of this server")
          .doesNotContain(KEY);

      JsonNode failed = server.tasks().awaitStatus(insisted, "failed");
      assertThat(failed.path("error").path("code").asText()).isEqualTo("secret_in_diff");
      assertThat(failed.path("error").path("message").asText())
          .contains("config.ini:2")
          .doesNotContain(KEY);
      assertThat(model.lastHeard("Insist on it").userTexts())
          .hasSize(2)
          .allMatch(text -> text.startsWith(REFUSED));
      assertThat(repository.branches()).containsExactlyInAnyOrder("main", branch);
      for (String id : List.of(mended, insisted)) {
        TestTasks.assertGapFree(server.tasks().events(id));
      }
      assertThat(model.violations()).isEmpty();
    }
  }

  /** What a person wrote cannot be taken out by the agent, and part of a token is most of it. */
  @Test
  void secretsOfThePromptAndOfTheSummaryAreRedactedInTheCommit() throws Exception {
    TestRepository repository =
        TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    String token = "gh" + "p_q7Rk2LmZ9xTbV4nHs8WdYc3PfGj5AeUo1iQ6";
    String pem = "-----BEGIN " + "PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END PRIVATE KEY-----";
    Map<String, String> subjects = new LinkedHashMap<>();
    subjects.put(token, "[redacted]");
    subjects.put("Clone with " + token + ", then mend it", "Clone with [redacted], then mend it");
    // Cut at 72 characters, each of these would leave another part of the token.
    for (int before : List.of(30, 35, 50, 66, 70, 71, 72, 80)) {
      subjects.put("x".repeat(before - 1) + " " + token, "x");
    }
    subjects.put("Use " + KEY + " of the server", "Use [redacted] of the server");
    subjects.put("Sign with " + pem + " and push", "Sign with [redacted] and push");
    String summary = "Used " + token + ".\n" + "y".repeat(9_990 - token.length()) + " " + token;
    try (PlayedModel model =
            new PlayedModel(
                (conversation, time) ->
                    new Say(
                        conversation.turns() == 0
                            ? Reply.text("I write.").write("toolu_1", "a.txt", "a\n")
                            : Reply.text(summary)));
        ServerProcess server = server(model)) {
      for (Map.Entry<String, String> row : subjects.entrySet()) {
        String id = server.tasks().create(repository.url(), row.getKey());
        JsonNode task = server.tasks().awaitSuccess(id);
        String message = repository.message(task.path("result").path("commit").asText());
        assertThat(message)
            .startsWith(row.getValue())
            .contains("Used [redacted].", "Mainstay-Task: " + id)
            .doesNotContain(token.substring(0, 8), KEY, "MIIE");
      }
    }
  }

  @Test
  void taskThatKillsItsServerEachTimeEnds() throws Exception {
    TestRepository repository =
        TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    String prompt = "Be the end of the server";
    // An answer that comes too slowly for the server to live to see its end.
    try (PlayedModel model =
            new PlayedModel(
                (conversation, time) -> new Say(Reply.text("Slow"), Duration.ofSeconds(30)));
        ServerProcess server = server(model)) {
      String id = server.tasks().create(repository.url(), prompt);
      // The first life came further than none: it stored the prompt.
      for (int death = 1; death <= 11; death++) {
        int calls = death;
        Awaitility.await().atMost(TestTasks.DEADLINE).until(() -> model.calls(prompt) >= calls);
        assertThat(server.tasks().get(id).path("status").asText()).isEqualTo("running");
        server.restart();
      }
      JsonNode task = server.tasks().awaitStatus(id, "failed");
      assertThat(task.path("error").path("code").asText()).isEqualTo("crashed");
      assertThat(model.calls(prompt)).isEqualTo(11);
      TestTasks.assertGapFree(server.tasks().events(id));

      server.tasks().act(id, "retry");
      Awaitility.await().atMost(TestTasks.DEADLINE).until(() -> model.calls(prompt) > 11);
      server.tasks().act(id, "cancel");
      server.tasks().awaitStatus(id, "canceled");
    }
  }
}
