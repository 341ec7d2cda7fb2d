package dev.mainstay.queue.redis;

import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.contract.CuttableStore;
import dev.mainstay.queue.contract.QueueNode;
import dev.mainstay.queue.runtime.StoreTaskQueue;
import java.time.InstantSource;

/** One process's view of a queue on the tests' server. */
final class RedisNode implements QueueNode {
  static final String QUEUE = "test";

  private final RedisConnections connections;
  private final CuttableStore cuttable;
  private final TaskQueue queue;

  RedisNode(String prefix, InstantSource clock) {
    connections = RedisConnections.open(RedisServerProcess.shared().uri());
    cuttable =
        new CuttableStore(
            new RedisStore(QUEUE, connections, RedisOptions.DEFAULT.withPrefix(prefix)));
    queue = new StoreTaskQueue(cuttable.store(), clock);
  }

  @Override
  public TaskQueue queue() {
    return queue;
  }

  @Override
  public void cut() {
    cuttable.cut(true);
  }

  @Override
  public void heal() {
    cuttable.cut(false);
  }

  @Override
  public int refusals() {
    return cuttable.refusals();
  }

  @Override
  public void close() {
    connections.close();
  }
}
