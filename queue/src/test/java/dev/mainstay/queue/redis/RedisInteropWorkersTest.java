package dev.mainstay.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.WorkerInfo;
import dev.mainstay.queue.contract.ControlledHandler;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Each side lists the workers of the other. */
final class RedisInteropWorkersTest extends Interop {
  private static final String NAMES =
      "return (await queue.getWorkers()).map(worker => worker.rawname)";

  private List<WorkerInfo> workers() {
    return queue.workers(Optional.empty(), 100).items();
  }

  private List<WorkerInfo> awaitWorkers(int count) {
    return await().atMost(DEADLINE).until(this::workers, workers -> workers.size() == count);
  }

  @Test
  void nodeListsTheWorkersOfJava() throws Exception {
    assertThat(node().run(NAMES)).isEqualTo(List.of());
    work(1);
    String queueName =
        Base64.getEncoder().encodeToString(RedisNode.QUEUE.getBytes(StandardCharsets.UTF_8));
    await()
        .atMost(DEADLINE)
        .until(
            () -> List.of(prefix + ":" + queueName + ":w:mainstay:java").equals(node().run(NAMES)));
    // Here it is one of ours, with all that is known of it.
    assertThat(awaitWorkers(1))
        .first()
        .satisfies(
            worker -> {
              assertThat(worker.library()).isEqualTo(WorkerInfo.MAINSTAY);
              assertThat(worker.concurrency()).isEqualTo(OptionalInt.of(1));
            });
  }

  @Test
  void javaListsTheWorkersOfNode() throws Exception {
    node()
        .run(
            """
            state.runs = new Promise(resolve => { state.end = resolve; });
            state.worker = new bullmq.Worker(name, async () => { await state.runs; }, { connection, prefix, name: 'node' });
            state.nameless = new bullmq.Worker(name, async () => {}, { connection, prefix, autorun: false });
            state.elsewhere = new bullmq.Worker(name + '2', async () => {}, { connection, prefix, name: 'x' });
            for (const worker of [state.worker, state.nameless, state.elsewhere]) {
              await worker.waitUntilReady();
            }
            """);
    queue.add(JobRequest.of("x", "{}").with(options -> options.id("in-node")));
    awaitState("in-node", JobState.ACTIVE);
    ControlledHandler handler = work(1);
    queue.add(JobRequest.of("x", "{}").with(options -> options.id("in-java")));
    handler.next();

    List<WorkerInfo> workers = awaitWorkers(3);
    assertThat(workers)
        .extracting(WorkerInfo::library)
        .containsExactly(WorkerInfo.MAINSTAY, WorkerInfo.BULLMQ, WorkerInfo.BULLMQ);
    assertThat(workers.getFirst().jobs()).containsExactly("in-java");
    assertThat(workers)
        .filteredOn(worker -> worker.name().equals(Optional.of("node")))
        .singleElement()
        .satisfies(
            worker -> {
              assertThat(worker.host()).contains("127.0.0.1");
              assertThat(worker.pid()).isEqualTo(OptionalLong.empty());
              assertThat(worker.concurrency()).isEqualTo(OptionalInt.empty());
              assertThat(worker.startedAt()).isEmpty();
              assertThat(worker.active()).isOne();
              assertThat(worker.jobs()).containsExactly("in-node");
            });
    assertThat(workers)
        .filteredOn(worker -> worker.name().isEmpty())
        .singleElement()
        .satisfies(worker -> assertThat(worker.active()).isZero());
    assertThat((List<?>) node().run(NAMES)).hasSize(3);

    node().run("state.end(); await state.worker.close(); await state.nameless.close()");
    assertThat(awaitWorkers(1)).extracting(WorkerInfo::name).containsExactly(Optional.of("java"));
    node().run("await state.elsewhere.close()");
  }

  @Test
  void whoMayNotListConnectionsSeesTheWorkersOfJava() throws Exception {
    workInNode();
    work(1);
    awaitWorkers(2);

    node()
        .run(
            """
            await redis.call('ACL', 'SETUSER', prefix, 'on', '>secret', '~*', '&*', '+@all', '-client');
            """);
    URI server = URI.create(RedisServerProcess.shared().uri());
    String uri = "redis://%s:secret@%s:%d".formatted(prefix, server.getHost(), server.getPort());
    try (RedisConnections restricted = RedisConnections.open(uri)) {
      TaskQueue seen =
          new RedisTaskQueue(
              RedisNode.QUEUE,
              restricted,
              InstantSource.system(),
              RedisOptions.DEFAULT.withPrefix(prefix));
      assertThat(seen.workers(Optional.empty(), 100).items())
          .extracting(WorkerInfo::name)
          .containsExactly(Optional.of("java"));
    } finally {
      node().run("await redis.call('ACL', 'DELUSER', prefix)");
    }
  }

  @Test
  void aWorkerOfNodeThatIsKilledIsGoneAtOnce() throws Exception {
    workInNode();
    assertThat(awaitWorkers(1)).extracting(WorkerInfo::name).containsExactly(Optional.of("node"));
    node().kill();
    awaitWorkers(0);
  }
}
