package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.TestDatabases;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes on after a request, on a server that is kept from what organizations have: runs,
 * streams and bulk actions reach it as their organization's role. Rows that say whose something is
 * can be seen, for the queue's jobs do not say it.
 */
@Tag("postgres")
class TenantRunTest {
  @TempDir private Path directory;

  private static PlayedModel.Move play(Conversation conversation, int time) {
    int turn = conversation.turns();
    return new PlayedModel.Say(
        turn % 2 == 0
            ? Reply.text("I write it.").write("toolu_" + turn, "a.txt", "turn " + turn + "\n")
            : Reply.text("It is ready."));
  }

  @Test
  void runsStreamsAndBulkActionsWorkForTheirOrganization() throws Exception {
    TestRepository repository =
        TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    Path data = directory.resolve("data");
    TestDatabases.ordinary(data);
    try (PlayedModel model = new PlayedModel(TenantRunTest::play);
        TestServer server =
            TestServer.start(
                directory,
                Map.of(
                    Setting.ANTHROPIC_BASE_URL, model.url(),
                    Setting.ANTHROPIC_API_KEY, "sk-test",
                    Setting.LOCAL_REPOS, directory.toString()));
        AutoCloseable closed = TestDatabases.closedToTheServer(data, "tasks", "bulk_actions")) {
      assertThat(closed).isNotNull();
      runOfATask(server, repository);
      bulkAction(server.client());
      assertThat(model.violations()).isEmpty();
    }
  }

  private static void runOfATask(TestServer server, TestRepository repository) throws Exception {
    TestTasks tasks = new TestTasks(server.client());
    String id =
        tasks.create(TestTasks.body(repository.url(), "Write it").put("review", "before-push"));
    try (EventReader stream = new EventReader(server.client(), id, 0);
        SocketReader socket =
            SocketReader.open(server.mainstay().url(), server.key()).subscribe(id, 0)) {
      tasks.awaitStatus(id, "waiting");
      tasks.act(id, "reject", "{\"reason\":\"Once more\"}");
      tasks.awaitStatus(id, "waiting");
      assertThat(server.client().get("/api/tasks/" + id + "/diff").body()).contains("a.txt");
      tasks.act(id, "approve");
      tasks.awaitSuccess(id);
      List<JsonNode> all = tasks.events(id);
      TestTasks.assertGapFree(all);
      assertThat(all).hasSizeGreaterThan(10);
      for (JsonNode event : all) {
        assertThat(stream.nextStored()).contains(event);
        assertThat(socket.nextStored()).contains(event);
      }
    }
    assertThat(tasks.messages(id)).hasSizeGreaterThan(3);
    assertThat(tasks.toolCalls(id)).hasSizeGreaterThan(1);
  }

  private static void bulkAction(TestClient client) throws Exception {
    String queue = "/api/queues/many";
    for (int i = 0; i < 3; i++) {
      assertThat(client.post(queue + "/jobs", "{\"name\":\"x\",\"data\":{}}").status())
          .isEqualTo(201);
    }
    TestClient.Answer made =
        client.post(queue + "/bulk-actions", "{\"action\":\"remove\",\"state\":\"waiting\"}");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    String action = queue + "/bulk-actions/" + made.json().path("id").asText();
    JsonNode ended =
        Awaitility.await()
            .atMost(TestTasks.DEADLINE)
            .until(
                () -> client.get(action).json(),
                one -> one.path("status").asText().equals("completed"));
    assertThat(ended.path("changed").asInt()).isEqualTo(3);
  }
}
