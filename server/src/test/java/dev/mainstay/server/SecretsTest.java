package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.agent.git.GitHttpServer;
import dev.mainstay.agent.model.FakeAnthropicServer;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.TestDatabases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Secrets are where they must be and nowhere else: known ones are given out and looked for. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SecretsTest {
  private static final String MODEL_KEY = "sk-ant-canary-5d1f0e";
  private static final String GITHUB_TOKEN = "ghp_canary7b2a9c";
  private static final String PASSWORD = "git-canary-1c8e4f";
  private static final String MAIL_PASSWORD = "smtp-canary-8a6f02";

  @TempDir Path directory;

  @Test
  void secretsAreNotWhereTheyNeedNotBe() throws Exception {
    Path repositories = Files.createDirectory(directory.resolve("git"));
    TestRepository repository =
        TestRepository.create(repositories, "sample", Map.of("README.md", "# Sample\n"));
    Path credentials = directory.resolve("credentials");
    String snoop = snoop(credentials, directory.resolve("data"));
    try (GitHttpServer git = GitHttpServer.start(repositories);
        PlayedModel model = new PlayedModel((conversation, time) -> play(conversation, snoop))) {
      git.require("deployer", PASSWORD);
      String host = git.host();
      Files.createFile(
          credentials,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(credentials, "http://deployer:" + PASSWORD + "@" + host + "\n");
      try (ServerProcess server =
          ServerProcess.start(
              directory,
              Map.of(
                  "ANTHROPIC_BASE_URL",
                  model.url(),
                  "ANTHROPIC_API_KEY",
                  MODEL_KEY,
                  "GITHUB_TOKEN",
                  GITHUB_TOKEN,
                  "MAINSTAY_GIT_CREDENTIALS",
                  credentials.toString(),
                  "MAINSTAY_ALLOWED_HOSTS",
                  host,
                  "MAINSTAY_SECRET_KEY",
                  TestDatabases.SECRET_KEY,
                  "MAINSTAY_SMTP_URL",
                  "smtp://mail:" + MAIL_PASSWORD + "@localhost:1"))) {
        String url = git.url("sample.git");
        String good = server.tasks().create(url, "Look around");
        String refused = server.tasks().create(url, "Be refused");
        String lost = server.tasks().create(git.url("none.git"), "Find nothing");
        JsonNode task = server.tasks().awaitSuccess(good);
        server.tasks().awaitStatus(refused, "failed");
        server.tasks().awaitStatus(lost, "failed");
        // They were all in use.
        assertThat(repository.commitsOnTop(task.path("result").path("branch").asText())).hasSize(1);
        assertThat(model.authorizations()).anyMatch(header -> header.contains(MODEL_KEY));

        List<String> secrets =
            List.of(
                MODEL_KEY,
                GITHUB_TOKEN,
                PASSWORD,
                MAIL_PASSWORD,
                server.key(),
                TestDatabases.PASSWORD,
                TestDatabases.SECRET_KEY);
        for (String id : List.of(good, refused, lost)) {
          assertSilent("task", Json.write(server.tasks().get(id)), secrets);
          assertSilent("events", Json.write(server.tasks().events(id)), secrets);
          assertSilent("messages", Json.write(server.tasks().messages(id)), secrets);
          assertSilent("tool calls", Json.write(server.tasks().toolCalls(id)), secrets);
        }
        String output = server.tasks().toolCalls(good).getFirst().path("output").asText();
        assertThat(output)
            .contains("PATH=")
            .doesNotContain("MAINSTAY_")
            .doesNotContain("ANTHROPIC");
        server.stop();
        assertSilent("log", server.log(), secrets);
        assertSilentBelow(server.data(), secrets);
        assertSilent("database", TestDatabases.dump(server.data()), secrets);
      }
    }
  }

  /** All that a curious command may try. */
  private static String snoop(Path credentials, Path data) {
    return """
        env; export -p; cat /proc/1/environ /proc/self/environ /proc/*/environ /proc/*/cmdline
        git config --list --show-origin; cat ~/.git-credentials ~/.netrc /root/.* .git/config
        find / -name '*.db' -o -name '*credential*' 2>/dev/null | grep -v ^/proc | head -50
        cat %s %s/mainstay.db; ls -la %s; true
        """
        .formatted(credentials, data, data);
  }

  private static PlayedModel.Move play(Conversation conversation, String snoop) {
    if (conversation.prompt().equals("Be refused")) {
      // Servers are known to repeat what they were sent.
      return new PlayedModel.Refuse(
          FakeAnthropicServer.error(401, "authentication_error", "invalid key " + MODEL_KEY));
    }
    return new PlayedModel.Say(
        switch (conversation.turns()) {
          case 0 -> Reply.text("I look around.").bash("toolu_0", snoop);
          case 1 -> Reply.text("I write.").write("toolu_1", "found.txt", "nothing\n");
          default -> Reply.text("There is nothing to see.");
        });
  }

  private static void assertSilent(String where, String text, List<String> secrets) {
    for (String secret : secrets) {
      assertThat(text.contains(secret)).as(secret + " in the " + where).isFalse();
    }
  }

  private static void assertSilentBelow(Path data, List<String> secrets) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all.stream().anyMatch(file -> file.endsWith("mainstay.db")))
          .isNotEqualTo(TestDatabases.POSTGRES);
      for (Path file : all) {
        assertSilent(
            "file " + data.relativize(file),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1),
            secrets);
      }
    }
  }
}
