package dev.mainstay.queue.sql;

import dev.mainstay.queue.contract.QueueNode;
import dev.mainstay.queue.contract.TaskQueueContract;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

final class SqliteTaskQueueTest extends TaskQueueContract {
  @TempDir Path directory;

  @Override
  protected QueueNode open(InstantSource source) {
    return new SqliteNode(directory.resolve("queue.db"), source);
  }
}
