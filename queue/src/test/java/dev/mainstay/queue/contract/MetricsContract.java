package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.QueueMetrics;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.contract.ControlledHandler.Run;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What workers have done is counted by the minute. */
interface MetricsContract extends QueueFixture {

  default List<QueueMetrics> allMetrics(TaskQueue queue) {
    return queue.metrics(Instant.EPOCH, clock().instant().plus(Duration.ofDays(1)));
  }

  @Test
  default void countsWhatHasEndedByTheMinute() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    // The minute begins, so that the test does not cross its end.
    Instant minute = clock().instant().truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(1));
    clock().advance(Duration.between(clock().instant(), minute));
    queue.add(job("good"));
    queue.add(job("bad").with(options -> options.attempts(2, Backoff.NONE)));
    clock().advance(Duration.ofMillis(150));
    Worker worker = workAllDay(queue, 1, handler);
    Run good = handler.next();
    clock().advance(Duration.ofMillis(40));
    good.succeed("1");
    for (int i = 0; i < 2; i++) {
      handler.next().fail(new IllegalStateException("no"));
    }
    awaitState(queue, "bad", JobState.FAILED);
    clock().advance(Duration.ofMinutes(2));
    queue.add(job("later"));
    handler.next().succeed("");
    awaitState(queue, "later", JobState.COMPLETED);
    worker.close();

    List<QueueMetrics> metrics = allMetrics(queue);
    assertThat(metrics)
        .extracting(QueueMetrics::minute)
        .containsExactly(minute, minute.plus(Duration.ofMinutes(2)));
    QueueMetrics first = metrics.getFirst();
    assertThat(first.completed()).isOne();
    assertThat(first.failed()).isOne();
    assertThat(first.failedAttempts()).isEqualTo(2);
    assertThat(first.waiting().count()).isEqualTo(2);
    assertThat(first.waiting().percentile(0)).isEqualTo(Duration.ofMillis(190));
    assertThat(first.waiting().greatest()).isEqualTo(Duration.ofMillis(190));
    assertThat(first.running().count()).isEqualTo(3);
    assertThat(first.running().sum()).isEqualTo(Duration.ofMillis(40));
    assertThat(first.running().percentile(1)).isEqualTo(Duration.ofMillis(40));
    assertThat(first.running().percentile(0.5)).isLessThanOrEqualTo(Duration.ofMillis(1));
    assertThat(queue.metrics(minute.plusSeconds(1), minute.plus(Duration.ofMinutes(2)))).isEmpty();
  }

  @Test
  default void countsWhatSeveralWorkersHaveDoneTogether() throws Exception {
    QueueNode node = node();
    TaskQueue queue = node.queue();
    List<Worker> workers =
        List.of(
            closing(node().queue().work(options("a", 3), (job, context) -> "1")),
            closing(node().queue().work(options("b", 3), (job, context) -> "1")));
    for (int i = 0; i < 50; i++) {
      queue.add(job("job-" + i));
    }
    for (int i = 0; i < 50; i++) {
      awaitState(queue, "job-" + i, JobState.COMPLETED);
    }
    workers.forEach(Worker::close);
    assertThat(allMetrics(queue).stream().mapToLong(QueueMetrics::completed).sum()).isEqualTo(50);
  }

  @Test
  default void storesWhatItHasDoneWhileItGoesOn() throws Exception {
    TaskQueue queue = node().queue();
    closing(queue.work(options("a", 3), (job, context) -> "1"));
    queue.add(job("a"));
    org.awaitility.Awaitility.await()
        .atMost(DEADLINE)
        .until(() -> allMetrics(queue).stream().mapToLong(QueueMetrics::completed).sum() == 1);
  }

  @Test
  default void forgetsOldMinutes() throws Exception {
    TaskQueue queue = node().queue();
    for (int i = 0; i < 2; i++) {
      Worker worker = closing(queue.work(options("worker-" + i, 1), (job, context) -> "1"));
      queue.add(job("job-" + i));
      awaitState(queue, "job-" + i, JobState.COMPLETED);
      worker.close();
      assertThat(allMetrics(queue)).hasSize(1);
      clock().advance(QueueMetrics.KEPT.plus(Duration.ofMinutes(2)));
    }
    queue.obliterate(false);
    assertThat(allMetrics(queue)).isEmpty();
  }
}
