package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.queue.Flow;
import dev.mainstay.queue.FlowNode;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TransactionalTaskQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Jobs that come and go with the caller's transaction. */
public interface TransactionContract extends QueueFixture {

  @Override
  TransactionalQueueNode node();

  @Test
  default void addsAJobWithTheCallersTransaction() throws Exception {
    TransactionalQueueNode node = node();
    TransactionalTaskQueue queue = node.queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);

    CompletableFuture<Void> added = new CompletableFuture<>();
    CompletableFuture<Void> commit = new CompletableFuture<>();
    CompletableFuture<Job> committed =
        CompletableFuture.supplyAsync(
            () ->
                node.transactions()
                    .write(
                        connection -> {
                          Job job = queue.add(connection, job("with"));
                          added.complete(null);
                          commit.join();
                          return job;
                        }));
    added.join();
    assertThat(queue.find("with")).isEmpty();
    commit.complete(null);
    assertThat(committed.join().id()).isEqualTo("with");
    queue.wake();

    assertThat(handler.next().job().id()).isEqualTo("with");
  }

  @Test
  default void forgetsAJobWhoseTransactionIsUndone() {
    TransactionalQueueNode node = node();
    TransactionalTaskQueue queue = node.queue();

    assertThatThrownBy(
            () ->
                node.transactions()
                    .write(
                        connection -> {
                          queue.add(connection, job("without"));
                          throw new IllegalStateException("undo");
                        }))
        .hasMessage("undo");

    assertThat(queue.find("without")).isEmpty();
    queue.add(job("after"));
    assertThat(queue.find("after")).isPresent();
  }

  @Test
  default void removesAJobThatHasNotStarted() throws Exception {
    TransactionalQueueNode node = node();
    TransactionalTaskQueue queue = node.queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("done"));
    handler.next().succeed("");
    queue.add(job("active"));
    handler.next();
    queue.add(job("waiting"));
    queue.add(job("delayed").with(options -> options.delay(Duration.ofDays(1))));

    assertThat(remove(node, "waiting")).isTrue();
    assertThat(remove(node, "delayed")).isTrue();
    assertThat(remove(node, "active")).isFalse();
    assertThat(remove(node, "done")).isFalse();
    assertThat(remove(node, "unknown")).isFalse();
    assertThat(queue.find("waiting")).isEmpty();
    assertThat(queue.find("delayed")).isEmpty();
    assertThat(queue.find("active").orElseThrow().state()).isEqualTo(JobState.ACTIVE);
  }

  @Test
  default void keepsAJobWhoseRemovalIsUndone() {
    TransactionalQueueNode node = node();
    node.queue().add(job("kept"));

    assertThatThrownBy(
            () ->
                node.transactions()
                    .write(
                        connection -> {
                          assertThat(node.queue().removeUnstarted(connection, "kept")).isTrue();
                          throw new IllegalStateException("undo");
                        }))
        .hasMessage("undo");

    assertThat(node.queue().find("kept")).isPresent();
  }

  @Test
  default void addsAFlowWithTheCallersTransaction() throws Exception {
    TransactionalQueueNode node = node();
    Flow flow = Flow.of("test", job("parent"), Flow.of("children", job("a")));
    assertThatThrownBy(
            () ->
                node.transactions()
                    .write(
                        connection -> {
                          node.flowProducer().add(connection, flow);
                          throw new IllegalStateException("undo");
                        }))
        .hasMessage("undo");
    assertThat(node.queue().find("parent")).isEmpty();
    assertThat(node.queue("children").find("a")).isEmpty();

    ControlledHandler handler = ControlledHandler.create();
    work(node.queue("children"), 1, handler);
    FlowNode added =
        node.transactions().write(connection -> node.flowProducer().add(connection, flow));
    node.flowProducer().wake(List.of(added));
    handler.next().succeed("1");
    awaitState(node.queue(), "parent", JobState.WAITING);
  }

  @Test
  default void removesAParentThatHasNotStartedWithItsChildren() {
    TransactionalQueueNode node = node();
    node.flowProducer()
        .add(
            Flow.of(
                "test", job("parent"), Flow.of("children", job("a"), Flow.of("test", job("b")))));
    assertThat(remove(node, "parent")).isTrue();
    assertThat(node.queue("children").find("a")).isEmpty();
    assertThat(node.queue().find("b")).isEmpty();
  }

  private static boolean remove(TransactionalQueueNode node, String id) {
    return node.transactions().write(connection -> node.queue().removeUnstarted(connection, id));
  }
}
