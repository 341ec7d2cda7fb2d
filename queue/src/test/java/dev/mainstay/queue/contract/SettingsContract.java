package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.TaskQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for a queue as a whole, and what is done to many of its jobs. */
interface SettingsContract extends ControlContract {

  @Test
  default void takesNothingWhileTheQueueIsPaused() throws Exception {
    TaskQueue queue = node().queue();
    TaskQueue other = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 2, handler);
    queue.add(job("running"));
    ControlledHandler.Run run = handler.next();

    other.pause();
    other.pause();
    assertThat(queue.paused()).isTrue();
    queue.add(job("next"));
    run.succeed("");
    awaitState(queue, "running", JobState.COMPLETED);
    assertThat(queue.find("next").orElseThrow().state()).isEqualTo(JobState.WAITING);
    assertThat(handler.waiting()).isZero();

    other.resume();
    assertThat(queue.paused()).isFalse();
    queue.wake();
    assertThat(handler.next().job().id()).isEqualTo("next");
  }

  @Test
  default void aDelayedJobOfAPausedQueueWaitsOnceItIsDue() throws Exception {
    TaskQueue queue = node().queue();
    queue.pause();
    queue.add(job("late").with(options -> options.delay(Duration.ofHours(1))));
    queue.add(job("later").with(options -> options.delay(Duration.ofHours(2))));
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 2, handler);
    assertThat(queue.find("late").orElseThrow().state()).isEqualTo(JobState.DELAYED);

    clock().advance(Duration.ofHours(1));
    queue.wake();
    Job job = awaitState(queue, "late", JobState.WAITING);
    assertThat(job.runAt()).isEmpty();
    assertThat(queue.find("later").orElseThrow().state()).isEqualTo(JobState.DELAYED);
    assertThat(handler.waiting()).isZero();

    queue.resume();
    assertThat(handler.next().job().id()).isEqualTo("late");
  }

  @Test
  default void startsPausedIfItWasLeftSo() throws Exception {
    QueueNode first = node();
    first.queue().pause();
    first.queue().add(job("waits"));
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    assertThat(queue.counts()).containsEntry(JobState.WAITING, 1L);

    queue.resume();
    assertThat(handler.next().job().id()).isEqualTo("waits");
  }

  @Test
  default void neverRunsMoreThanTheQueueAllows() throws Exception {
    TaskQueue queue = node().queue();
    assertThat(queue.concurrency()).isEmpty();
    queue.setConcurrency(OptionalInt.of(3));
    assertThat(node().queue().concurrency()).hasValue(3);
    int jobs = 300;
    queue.addBulk(IntStream.range(0, jobs).mapToObj(i -> job("job-" + i)).toList());
    AtomicInteger active = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger runs = new AtomicInteger();
    for (int i = 0; i < 3; i++) {
      TaskQueue node = node().queue();
      closing(
          node.work(
              options("worker-" + i, 5),
              (job, context) -> {
                most.accumulateAndGet(active.incrementAndGet(), Math::max);
                LockSupport.parkNanos(100_000); // long enough for others to meet it
                active.decrementAndGet();
                runs.incrementAndGet();
                return "";
              }));
    }

    await().atMost(DEADLINE.multipliedBy(3)).until(() -> runs.get() == jobs);
    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  default void runsMoreOnceTheLimitIsLifted() throws Exception {
    TaskQueue queue = node().queue();
    queue.setConcurrency(OptionalInt.of(1));
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 3, handler);
    queue.addBulk(List.of(job("one"), job("two"), job("three")));
    ControlledHandler.Run run = handler.next();
    assertThat(queue.counts()).containsEntry(JobState.ACTIVE, 1L);
    run.succeed("");
    assertThat(handler.next().job().id()).isEqualTo("two");
    assertThat(handler.waiting()).isZero();

    queue.setConcurrency(OptionalInt.empty());
    assertThat(handler.next().job().id()).isEqualTo("three");
    assertThatThrownBy(() -> queue.setConcurrency(OptionalInt.of(0)))
        .hasMessageContaining("concurrency must be from 1");
  }

  @Test
  default void drainsWhatWaits() throws Exception {
    TaskQueue queue = oneOfEachState();
    assertThat(queue.drain(false)).isOne();
    assertThat(queue.find("waiting")).isEmpty();
    assertThat(queue.find("is-delayed")).isPresent();

    queue.add(job("waiting"));
    assertThat(queue.drain(true)).isEqualTo(2);
    assertThat(queue.counts())
        .containsEntry(JobState.WAITING, 0L)
        .containsEntry(JobState.DELAYED, 0L)
        .containsEntry(JobState.ACTIVE, 1L)
        .containsEntry(JobState.COMPLETED, 1L)
        .containsEntry(JobState.FAILED, 1L);
  }

  @Test
  default void drainsMoreThanOneBatch() {
    TaskQueue queue = node().queue();
    queue.addBulk(IntStream.range(0, 1_234).mapToObj(i -> job("job-" + i)).toList());

    assertThat(queue.drain(false)).isEqualTo(1_234);
    assertThat(queue.counts()).containsEntry(JobState.WAITING, 0L);
  }

  @Test
  default void obliteratesOnlyAQueueThatIsIdle() throws Exception {
    TaskQueue queue = oneOfEachState();
    assertThatThrownBy(() -> queue.obliterate(false))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("1 of its jobs");
    assertThat(queue.paused()).isFalse();
    assertThat(queue.counts()).allSatisfy((state, count) -> assertThat(count).isOne());
  }

  @Test
  default void obliteratesAllThatThereIs() {
    TaskQueue queue = node().queue();
    queue.addBulk(IntStream.range(0, 1_234).mapToObj(i -> job("job-" + i)).toList());
    queue.log("job-7", "a line");
    queue.pause();
    queue.setConcurrency(OptionalInt.of(3));

    queue.obliterate(false);
    assertThat(queue.counts()).allSatisfy((state, count) -> assertThat(count).isZero());
    assertThat(queue.paused()).isFalse();
    assertThat(queue.concurrency()).isEmpty();
    queue.add(job("job-7"));
    assertThat(queue.logs("job-7", 0, 10)).isEmpty();
  }

  @Test
  default void workersOfAnObliteratedQueueLoseTheirJobs() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    closing(queue.work(options("worker", 1).withLease(Duration.ofMillis(300)), handler));
    queue.add(job("gone"));
    ControlledHandler.Run run = handler.next();

    queue.obliterate(true);
    assertThat(queue.find("gone")).isEmpty();
    await().atMost(DEADLINE).until(() -> !run.context().held());
    queue.add(job("next"));
    handler.next().succeed("");
    awaitState(queue, "next", JobState.COMPLETED);
  }

  @Test
  default void cleansWhatIsOldEnough() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    for (String id : List.of("a", "b", "c", "d")) {
      queue.add(job(id));
      handler.next().succeed("");
      awaitState(queue, id, JobState.COMPLETED);
      clock().advance(Duration.ofMinutes(1));
    }

    assertThat(queue.clean(JobState.COMPLETED, Duration.ofMinutes(2), 1)).containsExactly("a");
    assertThat(queue.clean(JobState.COMPLETED, Duration.ofMinutes(2), 10))
        .containsExactly("b", "c");
    assertThat(queue.clean(JobState.COMPLETED, Duration.ofMinutes(2), 10)).isEmpty();
    assertThat(queue.find("d")).isPresent();
  }

  @Test
  default void cleansEveryStateButActive() throws Exception {
    TaskQueue queue = oneOfEachState();

    for (JobState state :
        List.of(JobState.WAITING, JobState.DELAYED, JobState.COMPLETED, JobState.FAILED)) {
      assertThat(queue.clean(state, Duration.ofSeconds(1), 10)).isEmpty();
      assertThat(queue.clean(state, Duration.ZERO, 10)).hasSize(1);
      assertThat(queue.counts()).containsEntry(state, 0L);
    }
    assertThatThrownBy(() -> queue.clean(JobState.ACTIVE, Duration.ZERO, 10))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void retriesAllThatFailed() throws Exception {
    TaskQueue queue = oneOfEachState();
    queue.cancel("waiting", "fails too");

    assertThat(queue.retryAll(JobState.FAILED)).isEqualTo(2);
    assertThat(queue.counts())
        .containsEntry(JobState.FAILED, 0L)
        .containsEntry(JobState.WAITING, 2L);
    assertThat(queue.retryAll(JobState.COMPLETED)).isOne();
    assertThatThrownBy(() -> queue.retryAll(JobState.WAITING))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void promotesAllThatAreDelayed() throws Exception {
    TaskQueue queue = node().queue();
    for (int i = 0; i < 3; i++) {
      Duration delay = Duration.ofHours(3L - i);
      queue.add(job("job-" + i).with(options -> options.delay(delay)));
    }

    assertThat(queue.promoteAll()).isEqualTo(3);
    assertThat(queue.counts())
        .containsEntry(JobState.WAITING, 3L)
        .containsEntry(JobState.DELAYED, 0L);
  }

  @Test
  default void addsManyJobsOrNone() {
    TaskQueue queue = node().queue();
    queue.add(job("there").with(options -> options.priority(7)));
    List<JobRequest> requests = new ArrayList<>();
    for (int i = 0; i < 199; i++) {
      requests.add(job("job-" + i));
    }
    requests.add(100, job("there"));
    requests.add(150, job("job-3"));

    List<Job> jobs = queue.addBulk(requests);

    assertThat(jobs)
        .extracting(Job::id)
        .containsExactlyElementsOf(
            requests.stream().map(request -> request.options().id().orElseThrow()).toList());
    assertThat(jobs.get(100).options().priority()).isEqualTo(7);
    assertThat(queue.counts()).containsEntry(JobState.WAITING, 200L);
    assertThat(queue.addBulk(List.of())).isEmpty();
    assertThat(queue.find("job-198").orElseThrow()).isEqualTo(jobs.getLast());
  }

  @Test
  default void makesAnIdForAJobWithoutOne() {
    TaskQueue queue = node().queue();
    Job first = queue.add(JobRequest.of("test", "1"));
    Job second = queue.add(JobRequest.of("test", "2"));

    assertThat(first.id()).isNotEqualTo(second.id());
    assertThat(queue.find(first.id()).orElseThrow().data()).isEqualTo("1");
    assertThat(queue.find(second.id()).orElseThrow().data()).isEqualTo("2");
  }

  @Test
  default void listsJobsPageByPage() throws Exception {
    TaskQueue queue = node().queue();
    queue.addBulk(
        IntStream.range(0, 25)
            .mapToObj(i -> job("job-" + i).with(options -> options.priority(i % 2)))
            .toList());
    List<String> all = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page<Job> page = queue.list(JobState.WAITING, cursor, 10);
      page.items().forEach(job -> all.add(job.id()));
      // What is taken away meanwhile does not disturb the next page.
      queue.remove(page.items().getLast().id());
      cursor = page.next();
    } while (cursor.isPresent());

    List<String> expected = new ArrayList<>();
    IntStream.range(0, 25).filter(i -> i % 2 == 0).forEach(i -> expected.add("job-" + i));
    IntStream.range(0, 25).filter(i -> i % 2 == 1).forEach(i -> expected.add("job-" + i));
    assertThat(all).isEqualTo(expected);
    assertThatThrownBy(() -> queue.list(JobState.WAITING, Optional.of("x'; --"), 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The cursor is not one of this list");
    assertThatThrownBy(() -> queue.list(JobState.WAITING, Optional.empty(), 1001))
        .hasMessage("limit must be from 1 to 1000, not 1001");
  }

  @Test
  default void listsFinishedJobsNewestFirst() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    for (String id : List.of("a", "b", "c")) {
      queue.add(job(id));
      handler.next().succeed("");
      awaitState(queue, id, JobState.COMPLETED);
      clock().advance(Duration.ofSeconds(1));
    }
    Page<Job> first = queue.list(JobState.COMPLETED, Optional.empty(), 2);

    assertThat(first.items()).extracting(Job::id).containsExactly("c", "b");
    assertThat(queue.list(JobState.COMPLETED, first.next(), 2).items())
        .extracting(Job::id)
        .containsExactly("a");
    for (JobState state : JobState.values()) {
      assertThat(queue.list(state, Optional.empty(), 10).items())
          .hasSize((int) count(queue, state));
    }
  }

  @Test
  default void removesAJobAsItEndsIfNoneIsToBeKept() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("good").with(options -> options.removeOnComplete(Retention.NONE)));
    handler.next().succeed("1");
    queue.add(job("bad").with(options -> options.removeOnFail(Retention.NONE)));
    handler.next().fail(new IllegalStateException());
    queue.add(job("kept"));
    handler.next().succeed("");
    awaitState(queue, "kept", JobState.COMPLETED);

    assertThat(queue.find("good")).isEmpty();
    assertThat(queue.find("bad")).isEmpty();
    assertThat(queue.counts())
        .containsEntry(JobState.COMPLETED, 1L)
        .containsEntry(JobState.FAILED, 0L);
  }

  @Test
  default void keepsFinishedJobsByCountAndAge() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    var worker = work(queue, 1, handler);
    Retention kept = Retention.newest(3).upTo(Duration.ofMinutes(10));
    for (int i = 0; i < 6; i++) {
      queue.add(job("job-" + i).with(options -> options.removeOnComplete(kept)));
      handler.next().succeed("");
      awaitState(queue, "job-" + i, JobState.COMPLETED);
      clock().advance(Duration.ofMinutes(i == 4 ? 11 : 1));
    }
    worker.close();

    assertThat(queue.list(JobState.COMPLETED, Optional.empty(), 10).items())
        .extracting(Job::id)
        .containsExactly("job-5");
  }
}
