package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Workers that take jobs before they can run them. */
interface PrefetchContract extends QueueFixture {

  @Test
  default void takesMoreThanRunAndStartsThemInTheirOrder() throws Exception {
    TaskQueue queue = node().queue();
    queue.addBulk(IntStream.range(0, 6).mapToObj(i -> job("job-" + i)).toList());
    ControlledHandler handler = ControlledHandler.create();
    Worker worker = closing(queue.work(options("worker", 1).withPrefetch(3), handler));

    ControlledHandler.Run first = handler.next();
    assertThat(count(queue, JobState.ACTIVE)).isEqualTo(4);
    assertThat(worker.active()).as("that run").isOne();
    List<String> order = new ArrayList<>();
    ControlledHandler.Run run = first;
    for (int i = 0; i < 6; i++) {
      assertThat(handler.waiting()).as("no more than one runs").isZero();
      order.add(run.job().id());
      run.succeed("");
      if (i < 5) {
        run = handler.next();
      }
    }
    assertThat(order).containsExactly("job-0", "job-1", "job-2", "job-3", "job-4", "job-5");
    awaitState(queue, "job-5", JobState.COMPLETED);
  }

  @Test
  default void givesBackWhatHasNotStartedAsItStops() throws Exception {
    TaskQueue queue = node().queue();
    queue.addBulk(IntStream.range(0, 4).mapToObj(i -> job("job-" + i)).toList());
    ControlledHandler handler = ControlledHandler.create();
    Worker worker = closing(queue.work(options("worker", 1).withPrefetch(3), handler));
    ControlledHandler.Run run = handler.next();
    worker.pause();
    await()
        .atMost(DEADLINE)
        .until(() -> count(queue, JobState.WAITING) == 3 && count(queue, JobState.ACTIVE) == 1);
    run.succeed("");
    worker.close(LONG);

    assertThat(queue.find("job-0").orElseThrow().state()).isEqualTo(JobState.COMPLETED);
    assertThat(queue.find("job-1").orElseThrow().attemptsMade()).isZero();
    assertThat(queue.find("job-1").orElseThrow().stalledCount()).isZero();
    assertThat(handler.waiting()).isZero();
  }

  @Test
  default void cancelsAJobThatIsPrefetched() throws Exception {
    TaskQueue queue = node().queue();
    queue.addBulk(List.of(job("runs"), job("canceled")));
    ControlledHandler handler = ControlledHandler.create();
    closing(queue.work(options("worker", 1).withPrefetch(1), handler));
    ControlledHandler.Run run = handler.next();

    assertThat(queue.cancel("canceled", "not wanted")).isEqualTo(JobState.ACTIVE);
    assertThat(awaitState(queue, "canceled", JobState.FAILED).failedReason())
        .contains("canceled: not wanted");
    run.succeed("");
    awaitState(queue, "runs", JobState.COMPLETED);
    assertThat(handler.waiting()).isZero();
  }

  @Test
  default void countsTheTimeOfAHandlerFromItsStart() throws Exception {
    TaskQueue queue = node().queue();
    queue.addBulk(
        List.of(
            job("runs"), job("limited").with(options -> options.timeout(Duration.ofMillis(300)))));
    ControlledHandler handler = ControlledHandler.create();
    closing(queue.work(options("worker", 1).withPrefetch(1), handler));
    ControlledHandler.Run run = handler.next();
    await()
        .during(Duration.ofMillis(600))
        .atMost(DEADLINE)
        .until(() -> queue.find("limited").orElseThrow().state() == JobState.ACTIVE);
    run.succeed("");
    handler.next().succeed("\"done\"");
    assertThat(awaitState(queue, "limited", JobState.COMPLETED).returnValue()).contains("\"done\"");
  }
}
