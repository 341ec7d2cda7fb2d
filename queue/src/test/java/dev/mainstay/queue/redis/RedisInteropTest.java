package dev.mainstay.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Priority;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Node processes with the real BullMQ and ours on the same queue. */
@Timeout(120)
final class RedisInteropTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final Duration LEASE = Duration.ofSeconds(5);

  private final String prefix = "test-" + UUID.randomUUID();
  private final ServerTime time = new ServerTime(prefix);
  private final RedisConnections connections =
      RedisConnections.open(RedisServerProcess.shared().uri());
  private final TaskQueue queue =
      new RedisTaskQueue(
          RedisNode.QUEUE,
          connections,
          InstantSource.system(),
          RedisOptions.DEFAULT.withPrefix(prefix));
  private final List<Worker> workers = new ArrayList<>();
  private NodePeer node;

  @BeforeEach
  void start() throws IOException {
    node = NodePeer.start(prefix, RedisNode.QUEUE);
  }

  @AfterEach
  void stop() {
    workers.forEach(Worker::close);
    node.close();
    connections.close();
    time.close();
  }

  private ControlledHandler work(int concurrency) {
    ControlledHandler handler = ControlledHandler.create();
    workers.add(queue.work(new WorkerOptions("java", concurrency, LEASE, 1), handler));
    return handler;
  }

  /** A worker in Node which returns what it got, with the name of its job. */
  private void workInNode() throws IOException {
    node.run(
        """
        state.order = [];
        state.worker = new bullmq.Worker(name, async job => {
          state.order.push(job.id);
          return { got: job.data, name: job.name };
        }, { connection, prefix, name: 'node' });
        await state.worker.waitUntilReady();
        """);
  }

  private Job awaitState(String id, JobState state) {
    return await()
        .atMost(DEADLINE)
        .until(() -> queue.find(id).orElseThrow(), job -> job.state() == state);
  }

  @Test
  void javaWorksOnWhatNodeAdds() throws Exception {
    node.run(
        """
        await queue.add('low', { text: 'ü' }, { priority: 5, jobId: 'low' });
        await queue.add('high', 1, { priority: 1, jobId: 'high' });
        await queue.add('plain', [true, null], { jobId: 'plain', attempts: 3 });
        await queue.addBulk([{ name: 'bulk', data: {}, opts: { jobId: 'bulk' } }]);
        """);
    assertThat(queue.find("low").orElseThrow().options().priority()).isEqualTo(5);
    assertThat(queue.counts()).containsEntry(JobState.WAITING, 4L);

    ControlledHandler handler = work(1);
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ControlledHandler.Run run = handler.next();
      order.add(run.job().id());
      run.succeed("{\"done\":\"" + run.job().name() + "\"}");
    }
    assertThat(order).containsExactly("plain", "bulk", "high", "low");
    awaitState("low", JobState.COMPLETED);
    assertThat(queue.find("low").orElseThrow().data()).isEqualTo("{\"text\":\"ü\"}");
    assertThat(
            node.run(
                """
                const job = await queue.getJob('plain');
                return JSON.stringify([job.returnvalue, job.processedBy, job.attemptsMade, await job.getState()]);
                """))
        .isEqualTo("[{\"done\":\"plain\"},\"java\",1,\"completed\"]");
  }

  @Test
  void nodeWorksOnWhatJavaAdds() throws Exception {
    queue.addBulk(
        List.of(
            JobRequest.of("low", "{\"a\":\"ü\"}")
                .with(options -> options.id("low").priority(Priority.P3)),
            JobRequest.of("plain", "1").with(options -> options.id("plain"))));
    String counted = queue.add(JobRequest.of("counted", "null")).id();
    queue.add(
        JobRequest.of("late", "[]")
            .with(options -> options.id("late").delay(Duration.ofMillis(200))));

    workInNode();

    Job low = awaitState("low", JobState.COMPLETED);
    assertThat(low.returnValue()).contains("{\"got\":{\"a\":\"ü\"},\"name\":\"low\"}");
    assertThat(low.processedBy()).contains("node");
    assertThat(low.attemptsMade()).isOne();
    awaitState("late", JobState.COMPLETED);
    awaitState(counted, JobState.COMPLETED);
    assertThat(node.run("return state.order.slice(0, 3)"))
        .isEqualTo(List.of("plain", counted, "low"));
  }
}
