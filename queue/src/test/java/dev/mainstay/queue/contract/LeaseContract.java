package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who has a job, for how long, and what a worker that lost it can still do: nothing. */
interface LeaseContract extends QueueFixture {
  Duration SHORT = Duration.ofMillis(900);

  @Test
  default void keepsAJobForLongerThanItsLease() throws Exception {
    TaskQueue queue = node(InstantSource.system()).queue();
    TaskQueue rival = node(InstantSource.system()).queue();
    ControlledHandler handler = ControlledHandler.create();
    ControlledHandler other = ControlledHandler.create();
    closing(queue.work(new WorkerOptions("owner", 1, SHORT, 1), handler));
    queue.add(job("long"));
    ControlledHandler.Run run = handler.next();
    closing(rival.work(new WorkerOptions("rival", 1, SHORT, 1), other));

    Instant end = Instant.now().plus(SHORT.multipliedBy(3));
    await().atMost(DEADLINE).until(() -> Instant.now().isAfter(end));

    assertThat(run.context().held()).isTrue();
    run.succeed("1");
    Job job = awaitState(queue, "long", JobState.COMPLETED);
    assertThat(job.stalledCount()).isZero();
    assertThat(other.waiting()).isZero();
  }

  @Test
  default void givesTheJobsOfASilentWorkerToAnother() throws Exception {
    QueueNode silent = node();
    ControlledHandler lost = ControlledHandler.stubborn();
    closing(silent.queue().work(new WorkerOptions("silent", 1, SHORT, 1), lost));
    silent.queue().add(job("moved").with(options -> options.attempts(1, Backoff.NONE)));
    ControlledHandler.Run first = lost.next();

    silent.cut();
    clock().advance(SHORT.plusMillis(1));
    first.awaitInterrupt();
    assertThat(first.context().held()).isFalse();

    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    ControlledHandler.Run second = handler.next();
    assertThat(second.job().id()).isEqualTo("moved");
    assertThat(second.job().stalledCount()).isOne();
    assertThat(second.job().attemptsMade()).isZero();
    assertThat(second.context().token()).isGreaterThan(first.context().token());

    // The first worker comes back and ends the job late: nothing of it may be seen.
    silent.heal();
    first.succeed("\"late\"");
    silent.queue().add(job("probe"));
    lost.next().succeed("");
    awaitState(queue, "probe", JobState.COMPLETED);
    assertThat(queue.find("moved").orElseThrow().state()).isEqualTo(JobState.ACTIVE);
    second.succeed("\"in time\"");

    Job job = awaitState(queue, "moved", JobState.COMPLETED);
    assertThat(job.returnValue()).contains("\"in time\"");
    assertThat(job.attemptsMade()).isOne();
  }

  @Test
  default void failsAJobThatIsLostTooOften() throws Exception {
    QueueNode owner = node();
    owner.queue().add(job("killer").with(options -> options.attempts(9, Backoff.NONE)));
    for (int stalls = 0; stalls < 2; stalls++) {
      QueueNode node = node();
      ControlledHandler handler = ControlledHandler.create();
      closing(node.queue().work(new WorkerOptions("dies-" + stalls, 1, SHORT, 1), handler));
      ControlledHandler.Run run = handler.next();
      assertThat(run.job().stalledCount()).isEqualTo(stalls);
      node.cut();
      clock().advance(SHORT.plusMillis(1));
      run.awaitInterrupt();
    }

    work(owner.queue(), 1, ControlledHandler.create());

    Job job = awaitState(owner.queue(), "killer", JobState.FAILED);
    assertThat(job.stalledCount()).isEqualTo(2);
    assertThat(job.failedReason().orElseThrow()).startsWith(lostTooOften());
    assertThat(job.finishedAt()).contains(clock().instant());
  }

  @Test
  default void outlivesAStoreThatFailsForAWhile() throws Exception {
    QueueNode node = node();
    ControlledHandler handler = ControlledHandler.create();
    closing(node.queue().work(new WorkerOptions("worker", 2, SHORT, 1), handler));
    node.queue().add(job("during"));
    ControlledHandler.Run run = handler.next();

    node.cut();
    run.succeed("1");
    await().atMost(DEADLINE).until(() -> node.refusals() >= 4);
    assertThat(run.context().held()).isTrue();
    node.heal();

    assertThat(awaitState(node.queue(), "during", JobState.COMPLETED).stalledCount()).isZero();
    node.queue().add(job("after"));
    assertThat(handler.next().job().id()).isEqualTo("after");
  }

  @Test
  default void closesThoughTheStoreFailsOnceTheLeasesHaveEnded() throws Exception {
    QueueNode node = node();
    ControlledHandler handler = ControlledHandler.create();
    Worker worker = closing(node.queue().work(new WorkerOptions("worker", 2, SHORT, 1), handler));
    node.queue().add(job("ended"));
    ControlledHandler.Run ended = handler.next();
    node.queue().add(job("running"));
    handler.next();

    node.cut();
    ended.succeed("1");
    CompletableFuture<Void> closed = CompletableFuture.runAsync(worker::close);
    await().atMost(DEADLINE).until(() -> node.refusals() >= 4);
    assertThat(closed).isNotDone();
    clock().advance(SHORT.plusMillis(1));
    closed.join();

    assertThat(worker.active()).isZero();
    TaskQueue queue = node().queue();
    assertThat(queue.find("ended").orElseThrow().state()).isEqualTo(JobState.ACTIVE);
    ControlledHandler next = ControlledHandler.create();
    work(queue, 2, next);
    assertThat(next.next().job().stalledCount()).isOne();
    assertThat(next.next().job().stalledCount()).isOne();
  }

  @Test
  default void interruptsTheHandlerWhoseLeaseAnotherNodeTookOver() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    closing(queue.work(new WorkerOptions("twin", 1, SHORT, 1), handler));
    queue.add(job("taken"));
    ControlledHandler.Run first = handler.next();

    assertThat(node().queue().takeOver("twin")).isOne();

    first.awaitInterrupt();
    ControlledHandler.Run second = handler.next();
    assertThat(second.context().token()).isGreaterThan(first.context().token());
    assertThat(second.job().stalledCount()).isZero();
  }

  @Test
  default void refusesTheEndOfAJobWhoseLossItsWorkerHasNotNoticed() throws Exception {
    QueueNode unaware = node();
    ControlledHandler lost = ControlledHandler.create();
    closing(unaware.queue().work(options("unaware", 1), lost));
    unaware.queue().add(job("moved"));
    ControlledHandler.Run first = lost.next();
    TaskQueue queue = node().queue();
    assertThat(queue.takeOver("unaware")).isOne();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    ControlledHandler.Run second = handler.next();

    assertThat(first.context().held()).isTrue();
    first.succeed("\"late\"");
    unaware.queue().add(job("probe"));
    lost.next().succeed("");
    awaitState(queue, "probe", JobState.COMPLETED);

    assertThat(queue.find("moved").orElseThrow().state()).isEqualTo(JobState.ACTIVE);
    second.succeed("\"in time\"");
    assertThat(awaitState(queue, "moved", JobState.COMPLETED).returnValue())
        .contains("\"in time\"");
  }

  @Test
  default void takesOverAllJobsOfADeadWorkerAndNoOthers() throws Exception {
    QueueNode dead = node();
    ControlledHandler lost = ControlledHandler.create();
    closing(dead.queue().work(options("dead", 2), lost));
    dead.queue().add(job("one"));
    dead.queue().add(job("two"));
    lost.next();
    lost.next();
    QueueNode alive = node();
    ControlledHandler others = ControlledHandler.create();
    closing(alive.queue().work(options("alive", 1), others));
    alive.queue().add(job("three"));
    others.next();
    dead.cut();

    TaskQueue queue = node().queue();
    assertThat(queue.takeOver("unknown")).isZero();
    assertThat(queue.takeOver("dead")).isEqualTo(2);
    assertThat(queue.takeOver("dead")).isZero();

    ControlledHandler handler = ControlledHandler.create();
    work(queue, 3, handler);
    assertThat(handler.next().job().id()).isIn("one", "two");
    assertThat(handler.next().job().id()).isIn("one", "two");
    assertThat(queue.find("three").orElseThrow().state()).isEqualTo(JobState.ACTIVE);
    assertThat(handler.waiting()).isZero();
  }
}
