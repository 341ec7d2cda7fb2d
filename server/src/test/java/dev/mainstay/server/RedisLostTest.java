package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.redis.RedisServerProcess;
import dev.mainstay.server.PlayedModel.Move;
import dev.mainstay.server.PlayedModel.Say;
import dev.mainstay.server.platform.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that comes back without anything: tasks are rows of the database, and none is lost. */
@Timeout(180)
class RedisLostTest {
  @TempDir private Path directory;
  private final CountDownLatch goOn = new CountDownLatch(1);

  private Move play(Conversation conversation) {
    if (conversation.prompt().startsWith("Hold")) {
      try {
        goOn.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return new Say(Reply.text("Done."));
  }

  private TestServer server(RedisServerProcess redis, PlayedModel model)
      throws InterruptedException {
    return TestServer.start(
        directory,
        Map.of(
            Setting.ANTHROPIC_BASE_URL, model.url(),
            Setting.ANTHROPIC_API_KEY, "key",
            Setting.QUEUE, "redis",
            Setting.REDIS_URL, redis.uri(),
            Setting.AGENT_SLOTS, "2",
            Setting.LEASE, "2s",
            Setting.LOCAL_REPOS, directory.toString()));
  }

  private static void comeBackEmpty(RedisServerProcess redis, Path files)
      throws IOException, InterruptedException {
    redis.kill();
    List<Path> all;
    try (Stream<Path> walk = Files.walk(files)) {
      all = new ArrayList<>(walk.filter(Files::isRegularFile).toList());
    }
    for (Path file : all) {
      Files.delete(file);
    }
    redis.restart();
  }

  @Test
  void tasksThatRanOrWaitedAllEnd() throws Exception {
    TestRepository repository =
        TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    Path files = Files.createDirectory(directory.resolve("redis"));
    try (RedisServerProcess redis = RedisServerProcess.durable(files);
        PlayedModel model = new PlayedModel((conversation, time) -> play(conversation));
        TestServer server = server(redis, model)) {
      TestTasks tasks = new TestTasks(server.client());
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        ids.add(tasks.create(repository.url(), (i < 2 ? "Hold " : "Wait ") + i));
      }
      tasks.awaitStatus(ids.get(0), "running");
      tasks.awaitStatus(ids.get(1), "running");
      comeBackEmpty(redis, files);
      goOn.countDown();
      for (String id : ids) {
        tasks.awaitSuccess(id);
        List<com.fasterxml.jackson.databind.JsonNode> events = tasks.events(id);
        TestTasks.assertGapFree(events);
        assertThat(events.stream().filter(e -> e.path("type").asText().equals("complete")))
            .hasSize(1);
      }
    }
  }

  @Test
  void aTaskWhoseRunIsGoneIsCanceled() throws Exception {
    TestRepository repository =
        TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    Path files = Files.createDirectory(directory.resolve("redis"));
    try (RedisServerProcess redis = RedisServerProcess.durable(files);
        PlayedModel model = new PlayedModel((conversation, time) -> play(conversation))) {
      String id;
      try (TestServer server = server(redis, model)) {
        TestTasks tasks = new TestTasks(server.client());
        id = tasks.create(repository.url(), "Hold");
        tasks.awaitStatus(id, "running");
      }
      comeBackEmpty(redis, files);
      // Nobody runs tasks here, and nobody looks for lost ones.
      try (TestServer web =
          TestServer.start(
              directory,
              Map.of(
                  Setting.ROLES,
                  "web",
                  Setting.QUEUE,
                  "redis",
                  Setting.REDIS_URL,
                  redis.uri(),
                  Setting.LOCAL_REPOS,
                  directory.toString()))) {
        TestTasks tasks = new TestTasks(web.client());
        assertThat(tasks.get(id).path("status").asText()).isEqualTo("running");
        assertThat(tasks.act(id, "cancel").path("status").asText()).isEqualTo("canceled");
        assertThat(tasks.act(id, "retry").path("status").asText()).isEqualTo("queued");
      }
    }
  }
}
