package dev.mainstay.queue.sql;

import dev.mainstay.queue.contract.SqlTaskQueueContract;
import dev.mainstay.queue.contract.TransactionalQueueNode;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

final class SqliteTaskQueueTest extends SqlTaskQueueContract {
  @TempDir Path directory;

  @Override
  protected TransactionalQueueNode open(InstantSource source) {
    return SqlNode.sqlite(directory.resolve("queue.db"), source);
  }

  @Override
  public LossyNode lossyNode(InstantSource source) {
    return new LossySqlNode((SqlNode) node(source));
  }
}
