package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.Flow;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Priority;
import dev.mainstay.queue.TaskQueue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which job is next. */
interface OrderContract extends QueueFixture {

  @Test
  default void takesJobsByPriorityAndThenFirstInFirstOut() throws Exception {
    TaskQueue queue = node().queue();
    queue.add(job("a").with(options -> options.priority(Priority.P3)));
    queue.add(job("b").with(options -> options.priority(Priority.P1)));
    queue.add(job("c").with(options -> options.priority(Priority.P0)));
    queue.add(job("d").with(options -> options.priority(Priority.P2)));
    queue.add(job("e").with(options -> options.priority(Priority.P1)));
    queue.add(job("f").with(options -> options.priority(Priority.P2)));

    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ControlledHandler.Run run = handler.next();
      order.add(run.job().id());
      run.succeed("");
    }

    assertThat(order).containsExactly("c", "b", "e", "d", "f", "a");
  }

  @Test
  default void takesSeveralJobsAtOnceInOrder() throws Exception {
    TaskQueue queue = node().queue();
    for (int i = 0; i < 20; i++) {
      queue.add(job("job-" + i));
    }

    ControlledHandler handler = ControlledHandler.create();
    work(queue, 4, handler);
    List<String> first = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      first.add(handler.next().job().id());
    }

    assertThat(first).containsExactlyInAnyOrder("job-0", "job-1", "job-2", "job-3");
  }

  @Test
  default void delaysAJobUntilItsTime() throws Exception {
    TaskQueue queue = node().queue();
    Job added =
        queue.add(
            job("late")
                .with(options -> options.delay(Duration.ofMinutes(1)))
                .with(options -> options.priority(Priority.P0)));
    assertThat(added.state()).isEqualTo(JobState.DELAYED);
    assertThat(added.runAt()).contains(clock().instant().plusSeconds(60));

    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    clock().advance(Duration.ofMillis(59_999));
    queue.add(job("probe"));
    ControlledHandler.Run probe = handler.next();
    assertThat(probe.job().id()).isEqualTo("probe");
    assertThat(queue.find("late").orElseThrow().state()).isEqualTo(JobState.DELAYED);

    clock().advance(Duration.ofMillis(1));
    probe.succeed("");
    ControlledHandler.Run late = handler.next();
    assertThat(late.job().id()).isEqualTo("late");
    assertThat(late.job().runAt()).isEmpty();
  }

  @Test
  default void startsADelayedJobWithoutBeingWoken() throws Exception {
    TaskQueue queue = node(InstantSource.system()).queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("soon").with(options -> options.delay(Duration.ofMillis(100))));

    ControlledHandler.Run run = handler.next();

    assertThat(run.job().id()).isEqualTo("soon");
    assertThat(InstantSource.system().instant())
        .isAfterOrEqualTo(run.job().createdAt().plusMillis(100));
  }

  @Test
  default void returnsTheJobThatIsThereForAnIdThatExists() {
    TaskQueue queue = node().queue();
    Job first = queue.add(job("same").with(options -> options.priority(Priority.P0)));
    Job second = queue.add(job("same").with(options -> options.priority(Priority.P3)));

    assertThat(second).isEqualTo(first);
    assertThat(queue.counts()).containsEntry(JobState.WAITING, 1L);
  }

  @Test
  default void countsEveryState() throws Exception {
    QueueNode node = node();
    TaskQueue queue = node.queue();
    assertThat(queue.counts())
        .containsOnlyKeys(JobState.values())
        .allSatisfy((state, count) -> assertThat(count).isZero());

    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("is-completed"));
    handler.next().succeed("1");
    queue.add(job("is-failed"));
    handler.next().fail(new IllegalStateException("no"));
    queue.add(job("is-active"));
    handler.next();
    queue.add(job("waiting"));
    queue.add(job("is-delayed").with(options -> options.delay(Duration.ofDays(1))));
    node.flowProducer().add(Flow.of("test", job("parent"), Flow.of("other", job("child"))));

    assertThat(queue.counts())
        .allSatisfy((state, count) -> assertThat(count).as("%s", state).isOne());
  }

  @Test
  default void findsAJobAddedByAnotherNode() throws Exception {
    ControlledHandler handler = ControlledHandler.create();
    work(node().queue(), 1, handler);
    node().queue().add(job("from-afar"));

    assertThat(handler.next().job().id()).isEqualTo("from-afar");
  }
}
