package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.queue.redis.RedisServerProcess;
import dev.mainstay.server.PlayedModel.Move;
import dev.mainstay.server.PlayedModel.Say;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose jobs are in Redis: tasks and their jobs are joined by the outbox. */
class RedisQueueTest {
  @TempDir private Path directory;

  /** How often each prompt was begun with. */
  private final Map<String, AtomicInteger> begun = new ConcurrentHashMap<>();

  private Move play(Conversation conversation) {
    if (conversation.turns() == 0) {
      begun.computeIfAbsent(conversation.prompt(), prompt -> new AtomicInteger()).incrementAndGet();
      return new Say(
          Reply.text("I write.").write("toolu_0", "made.txt", conversation.prompt() + "\n"));
    }
    return new Say(Reply.text("Done."));
  }

  @Test
  void runsTasksOnceThoughRedisGoesAwayWhenTheyAreAccepted() throws Exception {
    TestRepository repository =
        TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    Path files = Files.createDirectory(directory.resolve("redis"));
    try (RedisServerProcess redis = RedisServerProcess.durable(files);
        PlayedModel model = new PlayedModel((conversation, time) -> play(conversation));
        ServerProcess server =
            ServerProcess.start(
                directory,
                Map.of(
                    "ANTHROPIC_BASE_URL", model.url(),
                    "ANTHROPIC_API_KEY", "key",
                    "MAINSTAY_QUEUE", "redis",
                    "MAINSTAY_REDIS_URL", redis.uri(),
                    "MAINSTAY_LOCAL_REPOS", directory.toString()))) {
      String first = server.tasks().create(repository.url(), "First");
      server.tasks().awaitSuccess(first);

      redis.kill();
      String second = server.tasks().create(repository.url(), "Second");
      String third = server.tasks().create(repository.url(), "Third");
      assertThat(server.tasks().get(second).path("status").asText()).isEqualTo("queued");
      redis.restart();

      for (String id : new String[] {second, third}) {
        server.tasks().awaitSuccess(id);
        TestTasks.assertGapFree(server.tasks().events(id));
      }
      assertThat(repository.branches()).hasSize(4);
      assertThat(begun).hasSize(3).allSatisfy((prompt, times) -> assertThat(times).hasValue(1));
    }
  }

  @Test
  void addsFlowsThoughRedisIsAway() throws Exception {
    Path files = Files.createDirectory(directory.resolve("redis"));
    try (RedisServerProcess redis = RedisServerProcess.durable(files);
        ServerProcess server =
            ServerProcess.start(
                directory, Map.of("MAINSTAY_QUEUE", "redis", "MAINSTAY_REDIS_URL", redis.uri()))) {
      TestClient client = server.client();
      redis.kill();
      TestClient.Answer answer =
          client.post(
              "/api/flows",
              """
              {"name": "report", "queueName": "reports", "opts": {"jobId": "top"},
               "children": [{"name": "page", "queueName": "pages"}, {"name": "page", "queueName": "pages"}]}""");
      assertThat(answer.status()).as(answer.body()).isEqualTo(201);
      assertThat(answer.json().path("job").path("state").asText()).isEqualTo("waiting-children");
      redis.restart();

      await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () ->
                  client.get("/api/queues/pages/jobs?state=waiting").json().path("items").size()
                      == 2);
      JsonNode flow = client.get("/api/queues/reports/jobs/top/flow").json();
      assertThat(flow.path("job").path("state").asText()).isEqualTo("waiting-children");
      assertThat(flow.path("children")).hasSize(2);
      assertThat(flow.path("children").path(0).path("job").path("queue").asText())
          .isEqualTo("pages");
    }
  }
}
