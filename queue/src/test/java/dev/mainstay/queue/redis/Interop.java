package dev.mainstay.queue.redis;

import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.contract.ControlledHandler;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A queue that Node, with the real BullMQ, and Java share. */
@Timeout(120)
abstract class Interop {
  static final Duration DEADLINE = Duration.ofSeconds(20);
  static final Duration LEASE = Duration.ofSeconds(5);

  final String prefix = "test-" + UUID.randomUUID();
  final RedisConnections connections = RedisConnections.open(RedisServerProcess.shared().uri());
  final TaskQueue queue = queue(RedisNode.QUEUE);
  private final ServerTime time = new ServerTime(prefix);
  private final List<Worker> workers = new ArrayList<>();
  private @Nullable NodePeer started;

  @BeforeEach
  void start() throws IOException {
    started = NodePeer.start(prefix, RedisNode.QUEUE);
  }

  @AfterEach
  void stop() {
    workers.forEach(Worker::close);
    node().close();
    connections.close();
    time.close();
  }

  NodePeer node() {
    NodePeer peer = started;
    if (peer == null) {
      throw new IllegalStateException("Node has not been started");
    }
    return peer;
  }

  TaskQueue queue(String name) {
    return new RedisTaskQueue(
        name, connections, InstantSource.system(), RedisOptions.DEFAULT.withPrefix(prefix));
  }

  ControlledHandler work(int concurrency) {
    ControlledHandler handler = ControlledHandler.create();
    workers.add(queue.work(new WorkerOptions("java", concurrency, LEASE, 1), handler));
    return handler;
  }

  /** A worker in Node which returns what it got, with the name of its job. */
  void workInNode() throws IOException {
    node()
        .run(
            """
            state.order = [];
            state.worker = new bullmq.Worker(name, async job => {
              state.order.push(job.id);
              return { got: job.data, name: job.name };
            }, { connection, prefix, name: 'node' });
            await state.worker.waitUntilReady();
            """);
  }

  Job awaitState(String id, JobState state) {
    return await()
        .atMost(DEADLINE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> queue.find(id).orElseThrow(), job -> job.state() == state);
  }
}
