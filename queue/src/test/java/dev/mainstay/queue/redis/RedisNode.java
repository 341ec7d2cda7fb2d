package dev.mainstay.queue.redis;

import dev.mainstay.queue.FlowProducer;
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
  private final InstantSource clock;
  private final RedisOptions options;

  RedisNode(String prefix, InstantSource clock) {
    this(RedisServerProcess.shared().uri(), prefix, clock);
  }

  RedisNode(String uri, String prefix, InstantSource clock) {
    connections = RedisConnections.open(uri);
    options = RedisOptions.DEFAULT.withPrefix(prefix);
    this.clock = clock;
    cuttable = new CuttableStore(new RedisStore(QUEUE, connections, options));
    queue = new StoreTaskQueue(cuttable.store(), clock);
  }

  @Override
  public TaskQueue queue() {
    return queue;
  }

  @Override
  public TaskQueue queue(String name) {
    return new RedisTaskQueue(name, connections, clock, options);
  }

  @Override
  public FlowProducer flowProducer() {
    return new RedisFlowProducer(connections, clock, options);
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
