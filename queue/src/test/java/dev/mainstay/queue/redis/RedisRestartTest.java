package dev.mainstay.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.QueueUnavailableException;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import io.lettuce.core.RedisException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Redis server that is killed under load, and comes back with its append-only file. */
final class RedisRestartTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final int KILLS = 3;
  private static final int ADDED_BETWEEN = 200;

  @TempDir static Path directory;

  @Test
  @Timeout(240)
  void workersGoOnAndNothingAcknowledgedIsLost() throws Exception {
    try (RedisServerProcess server = RedisServerProcess.durable(directory);
        RedisConnections producers = RedisConnections.open(server.uri());
        RedisConnections consumers = RedisConnections.open(server.uri())) {
      TaskQueue adding = new RedisTaskQueue("jobs", producers, InstantSource.system());
      TaskQueue working = new RedisTaskQueue("jobs", consumers, InstantSource.system());
      Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
      AtomicInteger handled = new AtomicInteger();
      AtomicBoolean stopped = new AtomicBoolean();
      AtomicLong refused = new AtomicLong();
      Thread producer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; !stopped.get(); i++) {
                      String id = "job-" + i;
                      try {
                        acknowledged.add(adding.add(request(id)).id());
                      } catch (RedisException | QueueUnavailableException e) {
                        refused.incrementAndGet();
                        Thread.onSpinWait();
                      }
                    }
                  });
      try (Worker worker =
          working.work(
              new WorkerOptions("worker", 10, LEASE, KILLS * 2),
              (job, context) -> {
                handled.incrementAndGet();
                return "1";
              })) {
        for (int kill = 0; kill < KILLS; kill++) {
          int enough = acknowledged.size() + ADDED_BETWEEN;
          int done = handled.get();
          await()
              .atMost(DEADLINE)
              .until(() -> acknowledged.size() >= enough && handled.get() > done);
          server.kill();
          server.restart();
        }
        int enough = acknowledged.size() + ADDED_BETWEEN;
        await().atMost(DEADLINE).until(() -> acknowledged.size() >= enough);
        stopped.set(true);
        producer.join();
        await()
            .atMost(DEADLINE)
            .until(
                () -> {
                  var counts = working.counts();
                  return counts.getOrDefault(JobState.WAITING, 1L) == 0
                      && counts.getOrDefault(JobState.ACTIVE, 1L) == 0;
                });
        assertThat(worker.active()).isZero();
      } finally {
        stopped.set(true);
        producer.join();
      }

      assertThat(refused.get()).as("Redis was away").isPositive();
      List<Job> jobs = acknowledged.stream().map(id -> working.find(id).orElseThrow()).toList();
      assertThat(jobs)
          .hasSizeGreaterThanOrEqualTo((KILLS + 1) * ADDED_BETWEEN)
          .allSatisfy(job -> assertThat(job.state()).isEqualTo(JobState.COMPLETED));
    }
  }

  private static JobRequest request(String id) {
    return JobRequest.of("test", "{}")
        .with(options -> options.id(id).removeOnComplete(Retention.ALL));
  }
}
