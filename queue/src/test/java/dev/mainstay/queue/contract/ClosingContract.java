package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How a worker stops. */
interface ClosingContract extends QueueFixture {

  @Test
  default void letsRunningJobsEndWithinTheGrace() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    Worker worker = work(queue, 1, handler);
    queue.add(job("running"));
    ControlledHandler.Run run = handler.next();
    queue.add(job("waiting"));

    Thread closer = Thread.ofPlatform().start(() -> worker.close(DEADLINE));
    await().atMost(DEADLINE).until(() -> closer.getState() == Thread.State.TIMED_WAITING);
    run.succeed("1");
    closer.join();

    assertThat(worker.active()).isZero();
    assertThat(queue.find("running").orElseThrow().state()).isEqualTo(JobState.COMPLETED);
    assertThat(queue.find("waiting").orElseThrow().state()).isEqualTo(JobState.WAITING);
  }

  @Test
  default void givesBackWhatDoesNotEndInTime() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    Worker worker = work(queue, 2, handler);
    queue.add(job("one").with(options -> options.attempts(1, Backoff.NONE)));
    queue.add(job("two").with(options -> options.attempts(1, Backoff.NONE)));
    // Both may begin at the same time.
    ControlledHandler.Run some = handler.next();
    ControlledHandler.Run other = handler.next();
    ControlledHandler.Run first = some.job().id().equals("one") ? some : other;

    worker.close(Duration.ofMillis(10));
    worker.close(Duration.ZERO);

    first.awaitInterrupt();
    assertThat(worker.active()).isZero();
    Job job = queue.find("one").orElseThrow();
    assertThat(job.state()).isEqualTo(JobState.WAITING);
    assertThat(job.attemptsMade()).isZero();
    assertThat(job.stalledCount()).isZero();

    String lastGivenBack =
        queue.list(JobState.WAITING, Optional.empty(), 1).items().getFirst().id();
    ControlledHandler next = ControlledHandler.create();
    work(queue, 1, next);
    ControlledHandler.Run again = next.next();
    assertThat(again.job().id()).isEqualTo(supports(Feature.KEPT_PLACES) ? "one" : lastGivenBack);
    assertThat(again.context().token()).isGreaterThan(first.context().token());
  }

  @Test
  default void recordsWhatAHandlerReturnsInSpiteOfTheInterrupt() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.stubborn();
    Worker worker = work(queue, 1, handler);
    queue.add(job("stubborn"));
    ControlledHandler.Run run = handler.next();

    CompletableFuture<Void> closed = CompletableFuture.runAsync(worker::close);
    run.awaitInterrupt();
    assertThat(closed).isNotDone();
    run.succeed("1");
    closed.join();

    assertThat(queue.find("stubborn").orElseThrow().state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  default void takesNoJobsWhilePaused() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler paused = ControlledHandler.create();
    Worker worker = work(queue, 2, paused);
    queue.add(job("running"));
    ControlledHandler.Run run = paused.next();

    worker.pause();
    worker.pause();
    queue.add(job("next"));
    run.succeed("1");
    awaitState(queue, "running", JobState.COMPLETED);
    assertThat(worker.active()).isZero();

    ControlledHandler other = ControlledHandler.create();
    work(queue, 1, other);
    assertThat(other.next().job().id()).isEqualTo("next");
    assertThat(paused.waiting()).isZero();
  }

  @Test
  default void refusesToBeClosedByItsOwnHandler() {
    TaskQueue queue = node().queue();
    CompletableFuture<Worker> self = new CompletableFuture<>();
    self.complete(
        closing(
            queue.work(
                options("worker", 1),
                (job, context) -> {
                  self.join().close();
                  return "";
                })));
    queue.add(job("closer"));

    assertThat(awaitState(queue, "closer", JobState.FAILED).failedReason().orElseThrow())
        .contains("may not close its own worker");
  }

  @Test
  default void leavesNoThreadBehind() throws Exception {
    QueueNode node = node();
    ControlledHandler handler = ControlledHandler.create();
    Worker worker = closing(node.queue().work(options("leaver", 1), handler));
    node.queue().add(job("one"));
    handler.next();
    assertThat(threads("leaver")).isPositive();

    worker.close();

    await().atMost(DEADLINE).until(() -> threads("leaver") == 0);
  }

  @Test
  default void refusesWhatIsOutOfRange() {
    assertThatThrownBy(() -> options(" ", 1)).hasMessageContaining("workerId");
    assertThatThrownBy(() -> options("worker", 0)).hasMessageContaining("concurrency");
  }

  private static long threads(String workerId) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains("worker " + workerId))
        .count();
  }
}
