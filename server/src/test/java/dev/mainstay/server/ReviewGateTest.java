package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The review before the push: it outlives the process, is decided once, and is heard. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ReviewGateTest {
  private static final String REASON = "Say hello to everybody, not to the world";

  @TempDir Path directory;

  /** Writes a greeting, and another one when a reviewer says something. */
  private static PlayedModel.Move play(Conversation conversation, int time) {
    int turn = conversation.turns();
    List<String> said = conversation.userTexts();
    boolean acts = turn % 2 == 0;
    return new PlayedModel.Say(
        acts
            ? Reply.text("I write it.")
                .write("toolu_" + turn, "greeting.txt", "version " + said.size() + "\n")
            : Reply.text("Version " + said.size() + " is ready."));
  }

  @Test
  void reviewOutlivesKillsAndIsDecidedOnce() throws Exception {
    TestRepository repository =
        TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    try (PlayedModel model = new PlayedModel(ReviewGateTest::play);
        ServerProcess server =
            ServerProcess.start(
                directory,
                Map.of(
                    "ANTHROPIC_BASE_URL", model.url(),
                    "ANTHROPIC_API_KEY", "sk-test",
                    "MAINSTAY_LOCAL_REPOS", directory.toString()))) {
      String approved = create(server, repository, "to be approved");
      String rejected = create(server, repository, "to be rejected");
      JsonNode shown = server.tasks().awaitStatus(approved, "waiting").path("pendingReview");
      JsonNode first = server.tasks().awaitStatus(rejected, "waiting").path("pendingReview");
      assertThat(repository.branches()).containsExactly("main");

      server.restart();
      assertThat(server.tasks().awaitStatus(approved, "waiting").path("pendingReview"))
          .isEqualTo(shown);
      assertThat(server.client().get("/api/tasks/" + approved + "/diff").body())
          .contains("+version 0");

      approveTwiceAtOnce(server, approved);
      checkPushed(repository, server.tasks().awaitSuccess(approved), shown, "version 0");
      assertThat(status(server, approved, "approve", "")).isEqualTo(409);

      server.tasks().act(rejected, "reject", "{\"reason\":\"" + REASON + "\"}");
      // Killed while it works on the reason, or before, or after: it must come back with a new
      // change all the same.
      server.restart();
      JsonNode second = awaitOtherReview(server, rejected, first);
      assertThat(model.lastHeard("to be rejected").userTexts())
          .singleElement()
          .asString()
          .contains(REASON);
      assertThat(second.path("commit")).isNotEqualTo(first.path("commit"));
      assertThat(second.path("diffHash")).isNotEqualTo(first.path("diffHash"));
      server.tasks().act(rejected, "approve");
      // An approval that was taken must lead to the push, whatever happens right after it.
      server.restart();
      checkPushed(repository, server.tasks().awaitSuccess(rejected), second, "version 1");

      for (String act : List.of("approve", "reject")) {
        assertThat(status(server, rejected, act, act.equals("reject") ? "{\"reason\":\"no\"}" : ""))
            .isEqualTo(409);
      }
      for (String id : List.of(approved, rejected)) {
        TestTasks.assertGapFree(server.tasks().events(id));
      }
      assertThat(model.violations()).isEmpty();
    }
  }

  private static String create(ServerProcess server, TestRepository repository, String prompt)
      throws Exception {
    return server
        .tasks()
        .create(TestTasks.body(repository.url(), prompt).put("review", "before-push"));
  }

  private static int status(ServerProcess server, String id, String act, String body)
      throws Exception {
    return server.client().post("/api/tasks/" + id + "/" + act, body).status();
  }

  private static void approveTwiceAtOnce(ServerProcess server, String id) throws Exception {
    Callable<Integer> approve = () -> status(server, id, "approve", "");
    try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
      var one = both.submit(approve);
      var other = both.submit(approve);
      assertThat(List.of(one.get(), other.get())).containsExactlyInAnyOrder(200, 409);
    }
  }

  private static JsonNode awaitOtherReview(ServerProcess server, String id, JsonNode earlier) {
    return org.awaitility.Awaitility.await()
        .atMost(TestTasks.DEADLINE)
        .until(
            () -> server.tasks().get(id).path("pendingReview"),
            review -> review.has("id") && !review.path("id").equals(earlier.path("id")));
  }

  private static void checkPushed(
      TestRepository repository, JsonNode task, JsonNode review, String content) throws Exception {
    String branch = task.path("result").path("branch").asText();
    assertThat(task.path("result").path("commit")).isEqualTo(review.path("commit"));
    assertThat(repository.commitsOnTop(branch)).containsExactly(review.path("commit").asText());
    assertThat(repository.file(branch, "greeting.txt")).isEqualTo(content);
  }
}
