package dev.mainstay.queue.chaos;

import dev.mainstay.queue.redis.RedisServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A server of its own, which has each command on disk before it answers. */
record RedisStore(RedisServerProcess server) implements DurableStore {

  RedisStore(Path directory) throws IOException {
    this(RedisServerProcess.durable(Files.createDirectories(directory)));
  }

  @Override
  public String url() {
    return server.uri();
  }

  @Override
  public void crash() throws Exception {
    server.kill();
    server.restart();
  }

  @Override
  public void close() {
    server.close();
  }
}
