package dev.mainstay.server;

import dev.mainstay.queue.redis.RedisServerProcess;
import dev.mainstay.server.platform.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** As {@link BulkActionTest}, with jobs in Redis, whose lists move while they are read. */
class RedisBulkActionTest extends BulkActionTest {
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
  Map<Setting, String> settings(int instance) {
    return redis == null
        ? Map.of()
        : Map.of(Setting.QUEUE, "redis", Setting.REDIS_URL, redis.uri() + "/" + instance);
  }
}
