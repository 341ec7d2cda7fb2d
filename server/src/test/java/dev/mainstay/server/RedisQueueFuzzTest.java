package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.redis.RedisServerProcess;
import dev.mainstay.server.platform.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As {@link QueueFuzzTest}, where a job is a key beside others. */
class RedisQueueFuzzTest extends QueueFuzzTest {
  private @Nullable RedisServerProcess redis;

  @BeforeAll
  @Override
  void start(@TempDir Path shared) throws Exception {
    redis = RedisServerProcess.durable(Files.createDirectory(shared.resolve("redis")));
    super.start(shared);
  }

  @AfterAll
  @Override
  void stop() throws Exception {
    super.stop();
    if (redis != null) {
      redis.close();
    }
  }

  @Override
  Map<Setting, String> settings() {
    return redis == null
        ? Map.of()
        : Map.of(Setting.QUEUE, "redis", Setting.REDIS_URL, redis.uri());
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "a:b", "wait", "meta"})
  void idsThatRedisCannotHaveNameTheirField(String id) throws Exception {
    TestClient client = client();
    String job = "{\"name\":\"x\",\"opts\":{\"jobId\":\"%s\"}}".formatted(id);
    String inFlow =
        "{\"name\":\"x\",\"queueName\":\"fields\",\"opts\":{\"jobId\":\"%s\"}}".formatted(id);
    refused(client.post("/api/queues/fields/jobs", job), "opts.jobId");
    refused(
        client.post("/api/queues/fields/jobs", "[{\"name\":\"x\"}," + job + "]"), "[1].opts.jobId");
    refused(client.post("/api/flows", inFlow), "opts.jobId");
    refused(
        client.post(
            "/api/flows",
            "{\"name\":\"x\",\"queueName\":\"fields\",\"children\":[%s]}".formatted(inFlow)),
        "children[0].opts.jobId");
    assertThat(client.get("/api/queues/fields").status()).isEqualTo(404);
  }

  private static void refused(TestClient.Answer answer, String field) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.json().path("errors").path(0).path("field").asText()).isEqualTo(field);
  }
}
