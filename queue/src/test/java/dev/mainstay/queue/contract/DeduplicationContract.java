package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.UnrecoverableException;
import dev.mainstay.queue.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Jobs that are not to be there twice, in BullMQ's modes. */
interface DeduplicationContract extends QueueFixture {
  Duration MINUTE = Duration.ofMinutes(1);

  private JobRequest job(String id, Deduplication deduplication) {
    return job(id, deduplication, Duration.ZERO);
  }

  private JobRequest job(String id, Deduplication deduplication, Duration delay) {
    return JobRequest.of("test", "\"%s\"".formatted(id))
        .with(options -> options.id(id).deduplication(deduplication).delay(delay));
  }

  private long jobs(TaskQueue queue) {
    return queue.counts().values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  default void addsNoSecondJobUntilTheFirstHasFinished() throws Exception {
    TaskQueue queue = node().queue();
    Deduplication simple = Deduplication.simple("x");
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);

    Job first = queue.add(job("first", simple));
    assertThat(first.options().deduplication()).contains(simple);
    ControlledHandler.Run run = handler.next();
    assertThat(queue.add(job("second", simple)).id()).isEqualTo("first");
    assertThat(queue.add(job("other", Deduplication.simple("y"))).id()).isEqualTo("other");
    assertThat(queue.deduplicated("x").orElseThrow().id()).isEqualTo("first");
    assertThat(queue.find("second")).isEmpty();
    run.succeed("");
    awaitState(queue, "first", JobState.COMPLETED);

    assertThat(queue.deduplicated("x")).isEmpty();
    assertThat(queue.add(job("third", simple)).id()).isEqualTo("third");
  }

  @Test
  default void addsTheNextJobOnceTheFirstHasFailed() throws Exception {
    TaskQueue queue = node().queue();
    Deduplication simple = Deduplication.simple("x");
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("first", simple).with(options -> options.attempts(2, Backoff.fixed(MINUTE))));
    handler.next().fail(new IllegalStateException("no"));
    awaitState(queue, "first", JobState.DELAYED);
    assertThat(queue.add(job("second", simple)).id()).isEqualTo("first");

    queue.cancel("first", "enough");

    assertThat(queue.add(job("third", simple)).id()).isEqualTo("third");
    handler.next().fail(new UnrecoverableException("never"));
    awaitState(queue, "third", JobState.FAILED);
    assertThat(queue.add(job("fourth", simple)).id()).isEqualTo("fourth");
  }

  @Test
  default void addsTheNextJobOnceTheFirstIsRemoved() {
    TaskQueue queue = node().queue();
    Deduplication simple = Deduplication.simple("x");
    queue.add(job("first", simple));
    queue.remove("first");
    assertThat(queue.add(job("second", simple)).id()).isEqualTo("second");
    queue.drain(false);
    assertThat(queue.add(job("third", simple)).id()).isEqualTo("third");

    Deduplication throttle = Deduplication.throttle("y", MINUTE);
    queue.add(job("fourth", throttle));
    queue.remove("fourth");
    assertThat(queue.add(job("fifth", throttle)).id()).isEqualTo("fifth");
  }

  @Test
  default void addsOneJobWithinATime() throws Exception {
    TaskQueue queue = node().queue();
    Deduplication throttle = Deduplication.throttle("x", MINUTE);
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("first", throttle));
    handler.next().succeed("");
    awaitState(queue, "first", JobState.COMPLETED);

    clock().advance(MINUTE.minus(moment()));
    assertThat(queue.add(job("second", throttle)).id()).isEqualTo("first");
    clock().advance(moment());
    assertThat(queue.add(job("third", throttle)).id()).isEqualTo("third");
  }

  @Test
  default void holdsTheTimeThoughTheJobRemovesItself() throws Exception {
    TaskQueue queue = node().queue();
    Deduplication throttle = Deduplication.throttle("x", MINUTE);
    ControlledHandler handler = ControlledHandler.create();
    Worker worker = work(queue, 1, handler);
    queue.add(job("first", throttle).with(options -> options.removeOnComplete(Retention.NONE)));
    handler.next().succeed("");
    worker.close();
    assertThat(queue.find("first")).isEmpty();

    Job there = queue.add(job("second", throttle));

    assertThat(there.id()).isEqualTo("first");
    assertThat(there.state()).isEqualTo(JobState.COMPLETED);
    assertThat(jobs(queue)).isZero();
  }

  @Test
  default void extendsTheTime() {
    TaskQueue queue = node().queue();
    Deduplication extending =
        new Deduplication("x", Optional.of(MINUTE), true, false, false, false);
    queue.add(job("first", extending));
    for (int i = 0; i < 3; i++) {
      clock().advance(Duration.ofSeconds(40));
      assertThat(queue.add(job("again-" + i, extending)).id()).isEqualTo("first");
    }
    clock().advance(MINUTE);
    assertThat(queue.add(job("last", extending)).id()).isEqualTo("last");
  }

  @Test
  default void replacesAJobThatIsStillDelayed() throws Exception {
    TaskQueue queue = node().queue();
    Deduplication debounce = Deduplication.debounce("x", MINUTE);
    for (int i = 0; i < 3; i++) {
      Job added = queue.add(job("try-" + i, debounce, Duration.ofSeconds(5)));
      assertThat(added.id()).isEqualTo("try-" + i);
      clock().advance(Duration.ofSeconds(4));
    }
    assertThat(jobs(queue)).isOne();
    assertThat(queue.find("try-2").orElseThrow().data()).isEqualTo("\"try-2\"");
    clock().advance(Duration.ofSeconds(1));
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    ControlledHandler.Run run = handler.next();

    // Once it runs it cannot be replaced; the time holds.
    assertThat(queue.add(job("late", debounce, Duration.ofSeconds(5))).id()).isEqualTo("try-2");
    run.succeed("");
  }

  @Test
  default void keepsTheEndOfTheTimeWhenItReplaces() {
    TaskQueue queue = node().queue();
    Deduplication replacing =
        new Deduplication("x", Optional.of(MINUTE), false, true, false, false);
    Duration delay = Duration.ofHours(1);
    queue.add(job("first", replacing, delay));
    clock().advance(Duration.ofSeconds(40));
    assertThat(queue.add(job("second", replacing, delay)).id()).isEqualTo("second");
    clock().advance(Duration.ofSeconds(21));

    assertThat(queue.add(job("third", replacing, delay)).id()).isEqualTo("third");
    assertThat(queue.find("first")).isEmpty();
    assertThat(queue.find("second")).isPresent();
  }

  @Test
  default void keepsTheNewestForTheEndOfTheActiveJob() throws Exception {
    TaskQueue queue = node().queue();
    Deduplication last = Deduplication.keepLast("x");
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 3, handler);
    queue.add(job("first", last).with(options -> options.attempts(2, Backoff.NONE)));
    ControlledHandler.Run run = handler.next();
    for (int i = 0; i < 3; i++) {
      assertThat(queue.add(job("try-" + i, last)).id()).isEqualTo("first");
    }
    assertThat(jobs(queue)).isOne();

    // A failure that is tried again is not the end.
    run.fail(new IllegalStateException("no"));
    run = handler.next();
    assertThat(run.job().id()).isEqualTo("first");
    run.succeed("");

    ControlledHandler.Run next = handler.next();
    assertThat(next.job().id()).isEqualTo("try-2");
    assertThat(next.job().data()).isEqualTo("\"try-2\"");
    assertThat(next.job().options().deduplication()).contains(last);
    assertThat(queue.add(job("more", last)).id()).isEqualTo("try-2");
    next.succeed("");
    assertThat(handler.next().job().id()).isEqualTo("more");
    assertThat(jobs(queue)).isEqualTo(3);
  }

  @Test
  default void keepsNoneForAJobThatWaits() throws Exception {
    TaskQueue queue = node().queue();
    Deduplication last = Deduplication.keepLast("x");
    queue.add(job("first", last));
    assertThat(queue.add(job("second", last)).id()).isEqualTo("first");
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    handler.next().succeed("");
    awaitState(queue, "first", JobState.COMPLETED);

    assertThat(jobs(queue)).isOne();
    assertThat(queue.add(job("third", last)).id()).isEqualTo("third");
  }

  @Test
  default void addsTheNewestWhenTheActiveJobIsLostForGood() throws Exception {
    TaskQueue queue = node().queue();
    Deduplication last = Deduplication.keepLast("x");
    ControlledHandler handler = ControlledHandler.create();
    QueueNode lost = node();
    closing(lost.queue().work(options("lost", 1).withMaxStalled(0), handler));
    queue.add(job("first", last));
    handler.next();
    queue.add(job("next", last));
    lost.cut();
    clock().advance(LONG.plusSeconds(1));

    ControlledHandler other = ControlledHandler.create();
    closing(queue.work(options("other", 1).withMaxStalled(0), other));

    assertThat(other.next().job().id()).isEqualTo("next");
    assertThat(queue.find("first").orElseThrow().state()).isEqualTo(JobState.FAILED);
  }

  @Test
  default void putsAJobOffThatIsStillDelayed() {
    TaskQueue queue = node().queue();
    Deduplication rescheduling = Deduplication.rescheduling("x");
    queue.add(job("first", rescheduling, MINUTE));
    clock().advance(Duration.ofSeconds(50));

    Job there = queue.add(job("second", rescheduling, Duration.ofHours(1)));

    Instant due = clock().instant().plus(Duration.ofHours(1));
    assertThat(there.id()).isEqualTo("first");
    assertThat(there.runAt()).contains(due);
    Job stored = queue.find("first").orElseThrow();
    assertThat(stored.runAt()).contains(due);
    assertThat(stored.options().delay()).isEqualTo(Duration.ofHours(1));
    assertThat(stored.data()).isEqualTo("\"first\"");
  }

  @Test
  default void deduplicatesWithinABulkAndAmongOthers() {
    TaskQueue queue = node().queue();
    Deduplication simple = Deduplication.simple("x");
    List<Job> added =
        queue.addBulk(List.of(job("a", simple), job("plain"), job("b", simple), job("c", simple)));

    assertThat(added).extracting(Job::id).containsExactly("a", "plain", "a", "a");
    assertThat(jobs(queue)).isEqualTo(2);
  }

  @Test
  default void addsOneOfThoseThatComeAtOnce() throws Exception {
    List<TaskQueue> queues = IntStream.range(0, 4).mapToObj(i -> node().queue()).toList();
    CyclicBarrier barrier = new CyclicBarrier(queues.size());
    try (ExecutorService threads = Executors.newFixedThreadPool(queues.size())) {
      for (int round = 0; round < 20; round++) {
        Deduplication simple = Deduplication.simple("round-" + round);
        List<Callable<Job>> adds =
            queues.stream()
                .<Callable<Job>>map(
                    queue ->
                        () -> {
                          barrier.await();
                          return queue.add(
                              JobRequest.of("test", "{}")
                                  .with(options -> options.deduplication(simple)));
                        })
                .toList();
        List<Future<Job>> done = threads.invokeAll(adds);
        String id = done.getFirst().get().id();
        for (Future<Job> job : done) {
          assertThat(job.get().id()).isEqualTo(id);
        }
      }
    }
    assertThat(jobs(queues.getFirst())).isEqualTo(20);
  }

  @Test
  default void takesTheIdFromAJob() {
    TaskQueue queue = node().queue();
    Deduplication throttle = Deduplication.throttle("x", MINUTE);
    queue.add(job("first", throttle));

    assertThat(queue.removeDeduplication("x")).isTrue();
    assertThat(queue.removeDeduplication("x")).isFalse();

    assertThat(queue.deduplicated("x")).isEmpty();
    assertThat(queue.add(job("second", throttle)).id()).isEqualTo("second");
  }

  @Test
  default void givesTheJobWithTheSameIdFirst() {
    TaskQueue queue = node().queue();
    queue.add(job("first", Deduplication.simple("x")));
    queue.add(job("second", Deduplication.simple("y")));

    assertThat(queue.add(job("second", Deduplication.simple("x"))).id()).isEqualTo("second");
    assertThat(queue.deduplicated("x").orElseThrow().id()).isEqualTo("first");
  }

  @Test
  default void refusesDeduplicationOutOfRange() {
    assertThatThrownBy(() -> Deduplication.simple("")).hasMessageContaining("deduplication id");
    assertThatThrownBy(() -> Deduplication.throttle("x", Duration.ZERO))
        .hasMessageContaining("ttl");
  }
}
