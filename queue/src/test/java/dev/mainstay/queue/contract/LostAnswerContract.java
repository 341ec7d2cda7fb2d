package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * What a worker takes and ends in exchanges that the store commits, and whose answers it never
 * gets. Leases are far longer than a test lasts: nothing here waits for the end of one.
 */
public interface LostAnswerContract extends QueueFixture {
  Duration LEASE = Duration.ofMinutes(10);

  /** A node of which the answers to a worker's exchanges can get lost. */
  interface LossyNode {
    QueueNode node();

    /** Loses the first answer after which this is true. */
    void loseWhen(BooleanSupplier happened);

    /** How many have got lost. */
    int lost();
  }

  LossyNode lossyNode(InstantSource source);

  @Test
  default void takesBackAtOnceWhatALostAnswerHadBrought() throws Exception {
    LossyNode lossy = lossyNode(InstantSource.system());
    TaskQueue other = node(InstantSource.system()).queue();
    ControlledHandler handler = ControlledHandler.create();
    Worker worker =
        closing(
            lossy
                .node()
                .queue()
                .work(new WorkerOptions("worker", 3, LEASE, 0).withPrefetch(1), handler));
    other.add(job("held"));
    ControlledHandler.Run held = handler.next();

    lossy.loseWhen(() -> count(other, JobState.ACTIVE) > 1);
    other.add(job("one"));
    other.add(job("two"));
    await().atMost(DEADLINE).until(() -> lossy.lost() == 1);

    ControlledHandler.Run first = handler.next();
    ControlledHandler.Run second = handler.next();
    assertThat(first.job().id()).isEqualTo("one");
    assertThat(second.job().id()).isEqualTo("two");
    assertThat(held.context().held()).as("what the worker knows of stays its own").isTrue();
    held.succeed("1");
    first.succeed("2");
    second.succeed("3");
    for (String id : new String[] {"held", "one", "two"}) {
      Job job = awaitState(other, id, JobState.COMPLETED);
      assertThat(job.attemptsMade()).isOne();
      assertThat(job.stalledCount()).isZero();
    }
    assertThat(handler.waiting()).isZero();
    await().atMost(DEADLINE).until(() -> worker.active() == 0);
  }

  @Test
  default void endsAJobOnceThoughTheAnswerIsLost() throws Exception {
    LossyNode lossy = lossyNode(InstantSource.system());
    TaskQueue other = node(InstantSource.system()).queue();
    ControlledHandler handler = ControlledHandler.create();
    Worker worker =
        closing(lossy.node().queue().work(new WorkerOptions("worker", 1, LEASE, 0), handler));
    other.add(job("first"));
    ControlledHandler.Run first = handler.next();
    other.add(job("second"));

    // The end of the first and the claim of the second are one exchange.
    lossy.loseWhen(() -> other.find("first").orElseThrow().state() == JobState.COMPLETED);
    first.succeed("1");
    await().atMost(DEADLINE).until(() -> lossy.lost() == 1);
    Job ended = awaitState(other, "first", JobState.COMPLETED);
    assertThat(ended.returnValue()).contains("1");

    ControlledHandler.Run second = handler.next();
    assertThat(second.job().id()).isEqualTo("second");
    second.succeed("2");
    Job job = awaitState(other, "second", JobState.COMPLETED);
    assertThat(job.attemptsMade()).isOne();
    assertThat(job.stalledCount()).isZero();
    assertThat(other.find("first")).contains(ended);
    assertThat(handler.waiting()).isZero();
    await().atMost(DEADLINE).until(() -> worker.active() == 0);
  }

  @Test
  default void givesBackWhatALostAnswerHadBroughtWhenItsWorkerCloses() throws Exception {
    LossyNode lossy = lossyNode(InstantSource.system());
    TaskQueue other = node(InstantSource.system()).queue();
    Worker worker =
        closing(
            lossy
                .node()
                .queue()
                .work(new WorkerOptions("worker", 1, LEASE, 0), ControlledHandler.create()));
    lossy.loseWhen(() -> count(other, JobState.ACTIVE) > 0);
    other.add(job("taken"));
    await().atMost(DEADLINE).pollInterval(Duration.ofMillis(1)).until(() -> lossy.lost() == 1);
    worker.close(Duration.ZERO);

    ControlledHandler handler = ControlledHandler.create();
    closing(other.work(new WorkerOptions("next", 1, LEASE, 0), handler));
    ControlledHandler.Run run = handler.next();
    assertThat(run.job().stalledCount()).isZero();
    run.succeed("1");
    assertThat(awaitState(other, "taken", JobState.COMPLETED).attemptsMade()).isOne();
  }
}
