package dev.mainstay.queue.sql;

import dev.mainstay.queue.contract.SqlTaskQueueContract;
import dev.mainstay.queue.contract.TransactionalQueueNode;
import java.time.InstantSource;

final class PostgresTaskQueueTest extends SqlTaskQueueContract {
  private final String database = PostgresServer.newDatabase();

  @Override
  protected TransactionalQueueNode open(InstantSource source) {
    return SqlNode.postgres(database, source);
  }

  @Override
  public LossyNode lossyNode(InstantSource source) {
    return new LossySqlNode((SqlNode) node(source));
  }
}
