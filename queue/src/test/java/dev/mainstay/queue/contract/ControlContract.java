package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Flow;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobNotFoundException;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.JobStateException;
import dev.mainstay.queue.TaskQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What can be done to a job that has been added. */
interface ControlContract extends QueueFixture {

  @Test
  default void removesAJobUnlessItIsActive() throws Exception {
    TaskQueue queue = oneOfEachState();

    for (String id : List.of("waiting", "is-delayed", "is-completed", "is-failed")) {
      queue.remove(id);
      assertThat(queue.find(id)).as(id).isEmpty();
    }
    assertThatThrownBy(() -> queue.remove("is-active"))
        .isInstanceOf(JobStateException.class)
        .hasMessageContaining("Job is-active is ACTIVE");
    assertThat(queue.find("is-active")).isPresent();
  }

  @Test
  default void saysThatThereIsNoSuchJob() {
    TaskQueue queue = node().queue();
    for (ThrowingOperation operation : operations("nobody", queue)) {
      assertThatThrownBy(operation::run)
          .isInstanceOf(JobNotFoundException.class)
          .hasMessage("There is no job nobody");
    }
    assertThat(queue.logs("nobody", 0, 10)).isEmpty();
  }

  @FunctionalInterface
  interface ThrowingOperation {
    void run();
  }

  private static List<ThrowingOperation> operations(String id, TaskQueue queue) {
    return List.of(
        () -> queue.remove(id),
        () -> queue.cancel(id, "why"),
        () -> queue.retry(id),
        () -> queue.promote(id),
        () -> queue.changeDelay(id, Duration.ZERO),
        () -> queue.changePriority(id, 1, false),
        () -> queue.updateData(id, "1"),
        () -> queue.updateProgress(id, "1"),
        () -> queue.log(id, "line"));
  }

  @Test
  default void retriesWhatHasFinished() throws Exception {
    TaskQueue queue = oneOfEachState();
    queue.cancel("waiting", "in the way");
    ControlledHandler handler = ControlledHandler.create();

    queue.retry("is-failed");
    Job job = queue.find("is-failed").orElseThrow();
    assertThat(job.state()).isEqualTo(JobState.WAITING);
    assertThat(job.finishedAt()).isEmpty();
    assertThat(job.attemptsMade()).isOne();
    work(queue, 1, handler);
    ControlledHandler.Run run = handler.next();
    assertThat(run.job().id()).isEqualTo("is-failed");
    run.succeed("\"at last\"");

    Job completed = awaitState(queue, "is-failed", JobState.COMPLETED);
    assertThat(completed.attemptsMade()).isEqualTo(2);
    assertThat(completed.failedReason()).isEmpty();
    queue.retry("is-completed");
    assertThat(handler.next().job().returnValue()).isEmpty();
    assertRefused(() -> queue.retry("is-active"), "Only a failed or completed job");
    assertRefused(() -> queue.retry("is-delayed"), "Only a failed or completed job");
  }

  @Test
  default void failsAgainAfterARetryWithoutAttemptsLeft() throws Exception {
    TaskQueue queue = oneOfEachState();
    queue.remove("waiting");
    queue.retry("is-failed");
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    handler.next().fail(new IllegalStateException("again"));

    Job job = awaitState(queue, "is-failed", JobState.FAILED);
    assertThat(job.attemptsMade()).isEqualTo(2);
    assertThat(job.failedReason()).contains("again");
  }

  @Test
  default void promotesADelayedJob() throws Exception {
    TaskQueue queue = oneOfEachState();
    queue.remove("waiting");
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);

    queue.promote("is-delayed");

    Job job = handler.next().job();
    assertThat(job.id()).isEqualTo("is-delayed");
    assertThat(job.runAt()).isEmpty();
    assertRefused(() -> queue.promote("is-completed"), "Only a delayed job");
  }

  @Test
  default void changesTheDelay() throws Exception {
    TaskQueue queue = oneOfEachState();
    queue.remove("waiting");
    queue.changeDelay("is-delayed", Duration.ofSeconds(10));
    assertThat(queue.find("is-delayed").orElseThrow().runAt())
        .contains(clock().instant().plusSeconds(10));

    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    clock().advance(Duration.ofSeconds(10));
    queue.wake();
    assertThat(handler.next().job().id()).isEqualTo("is-delayed");
    assertRefused(() -> queue.changeDelay("is-failed", Duration.ZERO), "Only a delayed job");
  }

  @Test
  default void changesThePriority() throws Exception {
    TaskQueue queue = node().queue();
    for (String id : List.of("a", "b", "c", "d")) {
      queue.add(job(id).with(options -> options.priority(5)));
    }
    queue.changePriority("c", 1, false);
    queue.changePriority("d", 1, true);
    queue.changePriority("b", 5, true);
    assertThat(queue.find("d").orElseThrow().options().priority()).isEqualTo(1);

    assertThat(order(queue, 4)).containsExactly("d", "c", "b", "a");
    assertRefused(() -> queue.changePriority("a", 1, false), "waits or is delayed");
    assertThatThrownBy(() -> queue.changePriority("a", 1 << 21, false))
        .hasMessage("priority must be from 0 to 2097151, not 2097152");
  }

  @Test
  default void takesTheLastInFirstIfItIsWanted() throws Exception {
    TaskQueue queue = node().queue();
    queue.add(job("fifo-1"));
    queue.add(job("lifo-1").with(options -> options.lifo(true)));
    queue.addBulk(
        List.of(
            job("fifo-2"),
            job("lifo-2").with(options -> options.lifo(true)),
            job("lifo-3").with(options -> options.lifo(true)),
            job("urgent-lifo").with(options -> options.lifo(true).priority(0)),
            job("low").with(options -> options.priority(9)),
            job("low-lifo").with(options -> options.lifo(true).priority(9))));

    boolean everywhere = supports(Feature.LIFO_OF_EVERY_PRIORITY);
    assertThat(order(queue, 8))
        .startsWith("urgent-lifo", "lifo-3", "lifo-2", "lifo-1", "fifo-1", "fifo-2")
        .endsWith(everywhere ? "low-lifo" : "low", everywhere ? "low" : "low-lifo");
  }

  /** The ids in the order in which one worker takes them. */
  private List<String> order(TaskQueue queue, int count) throws InterruptedException {
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ControlledHandler.Run run = handler.next();
      ids.add(run.job().id());
      run.succeed("");
    }
    awaitState(queue, ids.getLast(), JobState.COMPLETED);
    return ids;
  }

  @Test
  default void replacesTheDataForTheNextAttempt() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("job").with(options -> options.attempts(3)));
    ControlledHandler.Run first = handler.next();
    queue.updateData("job", "{\"from\":\"outside\"}");
    assertThat(first.job().data()).isEqualTo("{}");
    first.fail(new IllegalStateException());
    ControlledHandler.Run second = handler.next();
    assertThat(second.job().data()).isEqualTo("{\"from\":\"outside\"}");
    second.context().updateData("{\"from\":\"inside\"}");
    second.fail(new IllegalStateException());

    assertThat(handler.next().job().data()).isEqualTo("{\"from\":\"inside\"}");
    assertThatThrownBy(() -> queue.updateData("job", "x".repeat(TaskQueue.MAX_DATA_BYTES + 1)))
        .hasMessageContaining("data has 1048577 bytes");
  }

  @Test
  default void storesProgressAtOnce() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("job"));
    assertThat(queue.find("job").orElseThrow().progress()).isEmpty();
    ControlledHandler.Run run = handler.next();

    run.context().updateProgress("42");
    assertThat(queue.find("job").orElseThrow().progress()).contains("42");
    queue.updateProgress("job", "{\"done\":1}");
    run.succeed("");

    assertThat(awaitState(queue, "job", JobState.COMPLETED).progress()).contains("{\"done\":1}");
    assertThatThrownBy(
            () -> queue.updateProgress("job", "x".repeat(TaskQueue.MAX_PROGRESS_BYTES + 1)))
        .hasMessageContaining("progress has 16385 bytes");
  }

  @Test
  default void keepsTheNewestLinesOfALog() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("job").with(options -> options.keepLogs(3)));
    ControlledHandler.Run run = handler.next();
    run.context().log("one");
    run.context().log("two");
    queue.log("job", "three");
    run.context().log("four");

    assertThat(queue.logs("job", 0, 10)).containsExactly("two", "three", "four");
    assertThat(queue.logs("job", 1, 1)).containsExactly("three");
    assertThat(queue.logs("job", 3, 10)).isEmpty();
    queue.log("job", "é".repeat(20_000));
    assertThat(queue.logs("job", 2, 1).getFirst()).endsWith("(cut at 16384 bytes)");
    run.succeed("");
    awaitState(queue, "job", JobState.COMPLETED);
    queue.remove("job");
    queue.add(job("job"));
    assertThat(queue.logs("job", 0, 10)).as("logs go with their job").isEmpty();
  }

  @Test
  default void keepsNoLogForAJobThatWantsNone() throws Exception {
    TaskQueue queue = node().queue();
    queue.add(job("silent").with(options -> options.keepLogs(0)));
    queue.log("silent", "one");

    assertThat(queue.logs("silent", 0, 10)).isEmpty();
  }

  @Test
  default void writesNothingUnderALeaseThatIsLost() throws Exception {
    QueueNode node = node();
    ControlledHandler lost = ControlledHandler.stubborn();
    closing(node.queue().work(options("twin", 1), lost));
    node.queue().add(job("job"));
    ControlledHandler.Run first = lost.next();
    TaskQueue queue = node().queue();
    assertThat(queue.takeOver("twin")).isOne();
    ControlledHandler handler = ControlledHandler.create();
    closing(queue.work(options("heir", 1), handler));
    handler.next();

    assertThatThrownBy(() -> first.context().updateProgress("1")).hasMessageContaining("is lost");
    assertThatThrownBy(() -> first.context().updateData("1")).hasMessageContaining("is lost");
    assertThatThrownBy(() -> first.context().log("1")).hasMessageContaining("is lost");

    Job job = queue.find("job").orElseThrow();
    assertThat(job.progress()).isEmpty();
    assertThat(job.data()).isEqualTo("{}");
    assertThat(queue.logs("job", 0, 10)).isEmpty();
    first.succeed("");
  }

  @Test
  default void cancelsAJobThatHasNotStarted() throws Exception {
    TaskQueue queue = oneOfEachState();

    assertThat(queue.cancel("waiting", "not needed")).isEqualTo(JobState.FAILED);
    assertThat(queue.cancel("is-delayed", "")).isEqualTo(JobState.FAILED);

    Job waiting = queue.find("waiting").orElseThrow();
    assertThat(waiting.state()).isEqualTo(JobState.FAILED);
    assertThat(waiting.failedReason()).contains("canceled: not needed");
    assertThat(waiting.finishedAt()).contains(clock().instant());
    assertThat(waiting.attemptsMade()).isZero();
    Job delayed = queue.find("is-delayed").orElseThrow();
    assertThat(delayed.failedReason()).contains("canceled");
    assertThat(delayed.runAt()).isEmpty();
    assertRefused(() -> queue.cancel("is-completed", ""), "It is over already");
    assertRefused(() -> queue.cancel("is-failed", ""), "It is over already");
  }

  @Test
  default void interruptsAJobThatIsCanceledOnAnotherNode() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("running").with(options -> options.attempts(5)));
    ControlledHandler.Run run = handler.next();

    assertThat(node().queue().cancel("running", "changed my mind")).isEqualTo(JobState.ACTIVE);
    run.awaitInterrupt();

    Job job = awaitState(queue, "running", JobState.FAILED);
    assertThat(job.failedReason()).contains("canceled: changed my mind");
    assertThat(job.attemptsMade()).isOne();
  }

  @Test
  default void keepsTheResultOfAJobThatEndsInSpiteOfItsCancellation() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.stubborn();
    work(queue, 1, handler);
    queue.add(job("running"));
    ControlledHandler.Run run = handler.next();
    queue.cancel("running", "too late");
    run.awaitInterrupt();
    run.succeed("\"done\"");

    assertThat(awaitState(queue, "running", JobState.COMPLETED).returnValue()).contains("\"done\"");
  }

  @Test
  default void doesNotRunAgainWhatWasCanceledAsItsWorkerStopped() throws Exception {
    QueueNode node = node();
    ControlledHandler handler = ControlledHandler.create();
    var worker = work(node.queue(), 1, handler);
    node.queue().add(job("running"));
    handler.next();
    node.queue().cancel("running", "stop");
    worker.close();

    Job job = node.queue().find("running").orElseThrow();
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failedReason()).contains("canceled: stop");
  }

  @Test
  default void doesNotRunAgainWhatWasCanceledAsItsWorkerDied() throws Exception {
    QueueNode silent = node();
    ControlledHandler lost = ControlledHandler.create();
    closing(silent.queue().work(options("silent", 1).withLease(LeaseContract.SHORT), lost));
    silent.queue().add(job("expires"));
    silent.queue().add(job("taken"));
    ControlledHandler.Run run = lost.next();
    silent.cut();
    TaskQueue queue = node().queue();
    queue.cancel("expires", "stop");
    clock().advance(LeaseContract.SHORT.plusMillis(1));
    ControlledHandler handler = ControlledHandler.create();
    closing(queue.work(options("heir", 1), handler));

    assertThat(awaitState(queue, "expires", JobState.FAILED).failedReason())
        .contains("canceled: stop");
    assertThat(handler.next().job().id()).isEqualTo("taken");
    queue.cancel("taken", "stop too");
    assertThat(queue.takeOver("heir")).isOne();
    assertThat(queue.find("taken").orElseThrow().state()).isEqualTo(JobState.FAILED);
    run.fail(new IllegalStateException("late"));
  }

  @Test
  default void runsACanceledJobAgainAfterARetry() throws Exception {
    TaskQueue queue = node().queue();
    queue.add(job("job"));
    queue.cancel("job", "wait");
    queue.retry("job");
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    ControlledHandler.Run run = handler.next();
    run.succeed("");

    assertThat(awaitState(queue, "job", JobState.COMPLETED).failedReason()).isEmpty();
  }

  private static void assertRefused(ThrowingOperation operation, String rule) {
    assertThatThrownBy(operation::run)
        .isInstanceOf(JobStateException.class)
        .hasMessageContaining(rule);
  }

  /** A queue with one job in each state, whose id says so. */
  default TaskQueue oneOfEachState() throws InterruptedException {
    QueueNode node = node();
    TaskQueue queue = node.queue();
    ControlledHandler handler = ControlledHandler.create();
    var worker = work(queue, 1, handler);
    queue.add(job("is-completed"));
    handler.next().succeed("1");
    queue.add(job("is-failed").with(options -> options.attempts(1, Backoff.NONE)));
    handler.next().fail(new IllegalStateException("no"));
    queue.add(job("is-active"));
    handler.next();
    worker.pause();
    queue.add(job("waiting"));
    queue.add(job("is-delayed").with(options -> options.delay(Duration.ofDays(1))));
    node.flowProducer()
        .add(Flow.of("test", job("is-waiting-children"), Flow.of("other", job("child"))));
    await().atMost(DEADLINE).until(() -> count(queue, JobState.FAILED) == 1);
    return queue;
  }
}
