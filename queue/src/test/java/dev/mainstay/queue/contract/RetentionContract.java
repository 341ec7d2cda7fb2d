package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which finished jobs stay: as the job says, else its worker, else the newest 1,000. */
interface RetentionContract extends QueueFixture {
  int JOBS = 6;

  private JobRequest silent(int number) {
    return job("silent-" + number);
  }

  private JobRequest asking(Retention kept) {
    return job("asking").with(options -> options.removeOnComplete(kept).removeOnFail(kept));
  }

  /** Jobs run one after another, to an end that tells all of them. */
  private void run(TaskQueue queue, WorkerOptions options, JobRequest last, boolean fails) {
    Worker worker =
        closing(
            queue.work(
                options,
                (job, context) -> {
                  if (fails) {
                    throw new IllegalStateException("fails");
                  }
                  return "1";
                }));
    queue.addBulk(IntStream.range(0, JOBS).mapToObj(this::silent).toList());
    awaitEnd(queue, fails);
    queue.add(last);
    awaitEnd(queue, fails);
    // What is left between two renewals goes as the worker ends.
    worker.close();
  }

  private void awaitEnd(TaskQueue queue, boolean fails) {
    await()
        .atMost(DEADLINE)
        .until(() -> count(queue, JobState.WAITING) == 0 && count(queue, JobState.ACTIVE) == 0);
    assertThat(count(queue, fails ? JobState.COMPLETED : JobState.FAILED)).isZero();
  }

  @Test
  default void aWorkerRemovesWhatSaysNothingItself() {
    TaskQueue queue = node().queue();
    run(
        queue,
        options("worker", 1).withRemoveOnComplete(Retention.NONE),
        asking(Retention.ALL),
        false);
    assertThat(count(queue, JobState.COMPLETED)).isOne();
    assertThat(queue.find("asking")).isPresent();
  }

  @Test
  default void aWorkerRemovesFailuresThatSayNothingThemselves() {
    TaskQueue queue = node().queue();
    run(queue, options("worker", 1).withRemoveOnFail(Retention.NONE), asking(Retention.ALL), true);
    assertThat(count(queue, JobState.FAILED)).isOne();
    assertThat(queue.find("asking")).isPresent();
  }

  @Test
  default void aWorkerKeepsTheNewestOfThoseThatSayNothing() {
    TaskQueue queue = node().queue();
    run(
        queue,
        options("worker", 1)
            .withRemoveOnComplete(Retention.newest(2))
            .withRemoveOnFail(Retention.NONE),
        silent(JOBS),
        false);
    assertThat(count(queue, JobState.COMPLETED)).isEqualTo(2);
    assertThat(queue.find("silent-" + JOBS)).isPresent();
    assertThat(queue.find("silent-0")).isEmpty();
  }

  @Test
  default void aJobThatAsksForTheDefaultIsNotOneThatSaysNothing() {
    TaskQueue queue = node().queue();
    int usual = Retention.DEFAULT.count();
    queue.add(asking(Retention.newest(usual)));
    Worker worker =
        closing(
            queue.work(
                options("worker", 1).withRemoveOnComplete(Retention.NONE), (job, context) -> "1"));
    awaitEnd(queue, false);
    worker.close();
    JobOptions options = queue.find("asking").orElseThrow().options();
    assertThat(options.removeOnComplete()).isEqualTo(Retention.newest(usual));
  }

  @Test
  default void aJobThatSaysNothingIsStillOneThatSaysNothingLater() {
    TaskQueue queue = node().queue();
    queue.add(job("later").with(options -> options.delay(Duration.ofHours(1))));
    JobOptions options = queue.find("later").orElseThrow().options();
    assertThat(options.removeOnComplete()).isEqualTo(Retention.DEFAULT);
    assertThat(options.removeOnFail()).isEqualTo(Retention.DEFAULT);
    queue.promote("later");
    run(queue, options("worker", 1).withRemoveOnComplete(Retention.NONE), silent(JOBS), false);
    assertThat(count(queue, JobState.COMPLETED)).isZero();
  }
}
