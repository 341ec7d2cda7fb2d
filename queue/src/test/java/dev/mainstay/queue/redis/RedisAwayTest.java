package dev.mainstay.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Flow;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.QueueUnavailableException;
import dev.mainstay.queue.Schedule;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Redis that is away, or hangs, is told by one exception, and soon. */
class RedisAwayTest {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final JobRequest JOB = JobRequest.of("test", "{}");

  /** What requests ask for. */
  private static final List<Consumer<TaskQueue>> CALLS =
      List.of(
          queue -> queue.add(JOB),
          queue -> queue.find("one"),
          TaskQueue::counts,
          queue -> queue.list(JobState.WAITING, Optional.empty(), 10),
          queue -> queue.logs("one", 0, 10),
          TaskQueue::pause,
          queue -> queue.upsertScheduler("s", Schedule.every(Duration.ofMinutes(1)), JOB),
          queue -> queue.listSchedulers(Optional.empty(), 10),
          queue -> queue.workers(Optional.empty(), 10),
          queue -> queue.remove("one"));

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyCallSaysSoWithinItsTime(boolean hangs) throws Exception {
    try (RedisServerProcess server = RedisServerProcess.durable(directory);
        RedisConnections connections = RedisConnections.open(server.uri(), PATIENCE)) {
      TaskQueue queue = new RedisTaskQueue("jobs", connections, InstantSource.system());
      queue.add(JOB.with(options -> options.id("one")));
      if (hangs) {
        server.hang();
      } else {
        server.kill();
      }
      for (Consumer<TaskQueue> call : CALLS) {
        long begin = System.nanoTime();
        assertThatThrownBy(() -> call.accept(queue)).isInstanceOf(QueueUnavailableException.class);
        // Some ask twice; the rest is a crowded machine's.
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
      }
      assertThatThrownBy(
              () ->
                  new RedisFlowProducer(connections, InstantSource.system())
                      .add(new Flow("jobs", JOB, List.of())))
          .isInstanceOf(QueueUnavailableException.class);
      if (hangs) {
        server.wake();
      } else {
        server.restart();
      }
      await()
          .atMost(DEADLINE)
          .ignoreExceptionsInstanceOf(QueueUnavailableException.class)
          .until(() -> queue.find("one").isPresent());
    }
  }

  @Test
  void whatIsLeftOfAQueueExpires() throws Exception {
    try (RedisServerProcess server = RedisServerProcess.durable(directory);
        RedisConnections connections = RedisConnections.open(server.uri())) {
      TaskQueue queue = new RedisTaskQueue("jobs", connections, InstantSource.system());
      queue.add(JOB.with(options -> options.id("one")));
      try (Worker worker =
          queue.work(
              WorkerOptions.of("worker", 1), (job, context) -> Long.toString(context.token()))) {
        await()
            .atMost(DEADLINE)
            .until(() -> queue.find("one").orElseThrow().state() == JobState.COMPLETED);
      }
      long token = Long.parseLong(queue.find("one").orElseThrow().returnValue().orElseThrow());
      List<byte[]> keys =
          Objects.requireNonNull(
              connections.await(connections.commands().keys("bull:jobs:mainstay:*")));
      assertThat(keys).isNotEmpty();
      for (byte[] key : keys) {
        assertThat(connections.await(connections.commands().ttl(key)))
            .as(Utf8.text(key))
            .isPositive();
      }

      queue.obliterate(true);
      assertThat(connections.await(connections.commands().keys("bull:jobs:*"))).isEmpty();
      // As if its counter had been lost with the queue: tokens grow all the same.
      queue.add(JOB.with(options -> options.id("two")));
      try (Worker worker =
          queue.work(
              WorkerOptions.of("worker", 1), (job, context) -> Long.toString(context.token()))) {
        await()
            .atMost(DEADLINE)
            .until(() -> queue.find("two").orElseThrow().state() == JobState.COMPLETED);
      }
      assertThat(Long.parseLong(queue.find("two").orElseThrow().returnValue().orElseThrow()))
          .isGreaterThan(token);
    }
  }
}
