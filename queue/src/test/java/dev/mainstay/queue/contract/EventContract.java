package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.EventControl;
import dev.mainstay.queue.Flow;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.QueueEvent;
import dev.mainstay.queue.QueueEventType;
import dev.mainstay.queue.QueueEvents;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.contract.ControlledHandler.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What happens in a queue can be followed. */
interface EventContract extends QueueFixture {

  /** All events after a cursor, page by page, once there are so many. */
  default List<QueueEvent> awaitEvents(TaskQueue queue, String cursor, int count)
      throws InterruptedException {
    List<QueueEvent> seen = new ArrayList<>();
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    String next = cursor;
    while (seen.size() < count && System.nanoTime() < deadline) {
      QueueEvents page = queue.events(next, 7, Duration.ofSeconds(1));
      assertThat(page.gap()).isFalse();
      seen.addAll(page.items());
      next = page.next();
    }
    return seen;
  }

  /** An event as a line: its type, its job, and its details but the time of a delay. */
  static String line(QueueEvent event) {
    return event.type().word()
        + event.jobId().map(id -> " " + id).orElse("")
        + (event.details().isEmpty() || event.type() == QueueEventType.DELAYED
            ? ""
            : " " + new TreeMap<>(event.details()));
  }

  static List<String> lines(List<QueueEvent> events) {
    return events.stream().map(EventContract::line).toList();
  }

  @Test
  default void tellsHowJobsComeToTheirEnd() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    queue.add(job("good"));
    work(queue, 1, handler);
    handler.next().succeed("1");
    awaitState(queue, "good", JobState.COMPLETED);
    List<QueueEvent> events = awaitEvents(queue, EventControl.OLDEST, 5);

    assertThat(lines(events))
        .containsExactly(
            "added good {name=test}",
            "waiting good",
            "active good",
            "completed good {prev=active}",
            "drained");
    if (supports(Feature.OWN_EVENTS)) {
      assertThat(events).extracting(QueueEvent::at).containsOnly(clock().instant());
    } else {
      assertThat(events)
          .extracting(QueueEvent::at)
          .isSorted()
          .allSatisfy(at -> assertThat(Duration.between(at, Instant.now()).abs()).isLessThan(LONG));
    }
    queue.add(job("bad").with(options -> options.attempts(2, Backoff.NONE)));
    handler.next().fail(new IllegalStateException("first"));
    handler.next().fail(new IllegalStateException("x".repeat(3000)));
    awaitState(queue, "bad", JobState.FAILED);
    List<QueueEvent> more = awaitEvents(queue, events.getLast().cursor(), 8);

    assertThat(more)
        .extracting(QueueEvent::type)
        .containsExactly(
            QueueEventType.ADDED,
            QueueEventType.WAITING,
            QueueEventType.ACTIVE,
            QueueEventType.WAITING,
            QueueEventType.ACTIVE,
            QueueEventType.FAILED,
            QueueEventType.RETRIES_EXHAUSTED,
            QueueEventType.DRAINED);
    assertThat(more.get(5).details().get("failedReason"))
        .startsWith("xxx")
        .hasSizeLessThanOrEqualTo(QueueEvent.MAX_REASON_BYTES);
    assertThat(more.get(6).details()).isEqualTo(Map.of("attemptsMade", "2"));
  }

  @Test
  default void tellsWhatIsDoneToJobsAndQueues() throws Exception {
    TaskQueue queue = node().queue();
    queue.pause();
    queue.pause();
    queue.add(job("a").with(options -> options.delay(Duration.ofMinutes(1))));
    queue.changeDelay("a", Duration.ofMinutes(2));
    queue.promote("a");
    queue.updateProgress("a", "50");
    queue.cancel("a", "why");
    queue.retry("a");
    queue.remove("a");
    queue.add(job("b").with(options -> options.deduplication(Deduplication.simple("d"))));
    queue.add(job("c").with(options -> options.deduplication(Deduplication.simple("d"))));
    queue.add(job("b"));
    queue.drain(false);
    queue.resume();
    List<String> canceled =
        supports(Feature.OWN_EVENTS)
            ? List.of("failed a {failedReason=canceled: why, prev=waiting}")
            : List.of(
                "failed a {failedReason=canceled: why, prev=active}",
                "retries-exhausted a {attemptsMade=1}",
                "drained");
    List<QueueEvent> events = awaitEvents(queue, EventControl.OLDEST, 14 + canceled.size());

    assertThat(lines(events))
        .startsWith(
            "paused",
            "added a {name=test}",
            "delayed a",
            "delayed a",
            "waiting a {prev=delayed}",
            "progress a {data=50}");
    assertThat(lines(events.subList(6, 6 + canceled.size()))).isEqualTo(canceled);
    assertThat(lines(events.subList(6 + canceled.size(), events.size())))
        .containsExactly(
            "waiting a {prev=failed}",
            "removed a {prev=waiting}",
            "added b {name=test}",
            "waiting b",
            "deduplicated b {deduplicatedJobId=c, deduplicationId=d}",
            "duplicated b",
            "removed b {prev=waiting}",
            "resumed");
  }

  @Test
  default void tellsOfFlows() throws Exception {
    QueueNode node = node();
    TaskQueue queue = node.queue();
    closing(node.queue("children").work(options("children", 1), (job, context) -> "1"));
    node.flowProducer().add(Flow.of("test", job("parent"), Flow.of("children", job("child"))));
    assertThat(lines(awaitEvents(queue, EventControl.OLDEST, 3)))
        .containsExactly(
            "added parent {name=test}",
            "waiting-children parent",
            "waiting parent {prev=waiting-children}");
    assertThat(lines(awaitEvents(node.queue("children"), EventControl.OLDEST, 5)))
        .containsExactly(
            "added child {name=test}",
            "waiting child",
            "active child",
            "completed child {prev=active}",
            "drained");
  }

  @Test
  default void tellsOfStalledAndCleanedJobs() throws Exception {
    QueueNode node = node();
    TaskQueue queue = node.queue();
    queue.add(job("a"));
    ControlledHandler lost = ControlledHandler.stubborn();
    closing(node().queue().work(options("lost", 1), lost));
    Run run = lost.next();
    String cursor = queue.events(EventControl.NEWEST, 1, Duration.ZERO).next();
    assertThat(queue.takeOver("lost")).isOne();
    ControlledHandler second = ControlledHandler.stubborn();
    closing(node().queue().work(options("second", 1), second));
    Run again = second.next();
    clock().advance(LONG.multipliedBy(2));
    ControlledHandler third = ControlledHandler.create();
    closing(queue.work(options("third", 1), third));
    third.next().succeed("1");
    awaitState(queue, "a", JobState.COMPLETED);
    run.succeed("");
    again.succeed("");
    queue.clean(JobState.COMPLETED, Duration.ZERO, 10);

    boolean own = supports(Feature.OWN_EVENTS);
    assertThat(lines(awaitEvents(queue, cursor, 8)))
        .containsSubsequence(
            "waiting a {prev=active}",
            "active a",
            own ? "stalled a" : "waiting a {prev=active}",
            own ? "waiting a {prev=active}" : "stalled a",
            "active a",
            "completed a {prev=active}",
            "removed a {prev=completed}",
            "cleaned {count=1}");
  }

  @Test
  default void readsOnFromAnyEvent() throws Exception {
    TaskQueue queue = node().queue();
    queue.addBulk(IntStream.range(0, 20).mapToObj(i -> job("job-" + i)).toList());
    queue.add(job("last"));
    List<QueueEvent> all = awaitEvents(queue, EventControl.OLDEST, 42);
    assertThat(all).hasSize(42);
    assertThat(all.stream().map(QueueEvent::cursor).distinct()).hasSize(42);
    for (int i = 0; i < 42; i++) {
      QueueEvents rest = queue.events(all.get(i).cursor(), 100, Duration.ZERO);
      assertThat(rest.items()).isEqualTo(all.subList(i + 1, 42));
      assertThat(rest.gap()).isFalse();
    }
    assertThatThrownBy(() -> queue.events("nonsense", 1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The cursor is not one of this queue's events");
  }

  @Test
  default void newestSeesOnlyWhatComes() throws Exception {
    TaskQueue queue = node().queue();
    queue.add(job("before"));
    QueueEvents start = queue.events(EventControl.NEWEST, 10, Duration.ZERO);
    assertThat(start.items()).isEmpty();
    queue.add(job("after"));
    assertThat(lines(awaitEvents(queue, start.next(), 2)))
        .containsExactly("added after {name=test}", "waiting after");
  }

  @Test
  default void whoWaitsIsWokenByAnotherNode() throws Exception {
    TaskQueue here = node().queue();
    TaskQueue there = node().queue();
    String cursor = here.events(EventControl.NEWEST, 1, Duration.ZERO).next();
    CompletableFuture<QueueEvents> waiting = new CompletableFuture<>();
    Thread reader =
        Thread.startVirtualThread(
            () -> {
              try {
                waiting.complete(here.events(cursor, 10, Duration.ofMinutes(1)));
              } catch (InterruptedException | RuntimeException e) {
                waiting.completeExceptionally(e);
              }
            });
    await().atMost(DEADLINE).until(() -> reader.getState() != Thread.State.RUNNABLE);
    there.add(job("a"));
    assertThat(lines(waiting.get(20, java.util.concurrent.TimeUnit.SECONDS).items()))
        .containsExactly("added a {name=test}", "waiting a");
  }

  @Test
  default void tellsThatOldEventsAreNotKept() throws Exception {
    TaskQueue queue = node().queue();
    queue.add(job("first"));
    String old = queue.events(EventControl.OLDEST, 1, Duration.ZERO).next();
    for (int i = 0; i < 8; i++) {
      int round = i;
      queue.addBulk(
          IntStream.range(0, 1_000).mapToObj(n -> job("job-" + round + "-" + n)).toList());
    }
    queue.add(job("last"));
    QueueEvents events = queue.events(old, 1000, Duration.ZERO);
    assertThat(events.gap()).isTrue();
    assertThat(events.items()).isNotEmpty();
    List<QueueEvent> rest = new ArrayList<>(events.items());
    for (QueueEvents page = events; !page.items().isEmpty(); ) {
      page = queue.events(page.next(), 1000, Duration.ZERO);
      assertThat(page.gap()).isFalse();
      rest.addAll(page.items());
    }
    assertThat(rest.size()).isBetween(5_000, EventControl.KEPT_EVENTS + 5_000);
    assertThat(rest.getLast().jobId()).contains("last");
    QueueEvents oldest = queue.events(EventControl.OLDEST, 1, Duration.ZERO);
    assertThat(oldest.gap()).isFalse();
    assertThat(oldest.items()).isEqualTo(rest.subList(0, 1));
  }

  @Test
  default void readersOfAnObliteratedQueueSeeAGap() throws Exception {
    TaskQueue queue = node().queue();
    queue.add(job("a"));
    String cursor = queue.events(EventControl.OLDEST, 1, Duration.ZERO).next();
    queue.obliterate(false);
    queue.add(job("b"));
    QueueEvents events = queue.events(cursor, 10, Duration.ZERO);
    assertThat(events.gap()).isTrue();
    assertThat(lines(events.items())).containsSubsequence("added b {name=test}", "waiting b");
  }

  @Test
  default void missesNothingAndSeesNothingTwiceBesideManyWriters() throws Exception {
    int writers = 6;
    int each = 60;
    TaskQueue reading = node().queue();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> writing = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        TaskQueue queue = node().queue();
        int writer = w;
        writing.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < each; i++) {
                    queue.add(job("job-" + writer + "-" + i));
                  }
                }));
      }
      List<QueueEvent> seen = awaitEvents(reading, EventControl.OLDEST, 2 * writers * each);
      for (Future<?> one : writing) {
        one.get();
      }
      assertThat(seen).hasSize(2 * writers * each);
      assertThat(seen.stream().map(event -> line(event)).distinct()).hasSize(2 * writers * each);
    }
  }

  @Test
  default void waitsForTheEndOfAJob() throws Exception {
    TaskQueue here = node().queue();
    TaskQueue there = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(there, 3, handler);
    here.add(job("good"));
    here.add(job("bad"));
    here.add(job("gone").with(options -> options.removeOnComplete(Retention.NONE)));
    List<Run> runs = List.of(handler.next(), handler.next(), handler.next());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Optional<Job>> good = threads.submit(() -> here.awaitFinished("good", DEADLINE));
      Future<Optional<Job>> bad = threads.submit(() -> here.awaitFinished("bad", DEADLINE));
      Future<Optional<Job>> gone = threads.submit(() -> here.awaitFinished("gone", DEADLINE));
      for (Run run : runs) {
        if (run.job().id().equals("bad")) {
          run.fail(new IllegalStateException("no"));
        } else {
          run.succeed("\"" + run.job().id() + "\"");
        }
      }
      assertThat(good.get().orElseThrow().returnValue()).contains("\"good\"");
      assertThat(bad.get().orElseThrow().failedReason()).contains("no");
      assertThat(gone.get()).isEmpty();
    }
    assertThat(here.awaitFinished("good", Duration.ZERO).orElseThrow().state())
        .isEqualTo(JobState.COMPLETED);
    assertThat(here.awaitFinished("nobody", DEADLINE)).isEmpty();
  }

  @Test
  default void waitsForTheEndOfAJobThatIsRemovedOrTooSlow() throws Exception {
    TaskQueue queue = node().queue();
    queue.add(job("slow"));
    assertThatThrownBy(() -> queue.awaitFinished("slow", Duration.ofMillis(50)))
        .isInstanceOf(TimeoutException.class)
        .hasMessage("Job slow has not finished in PT0.05S");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Optional<Job>> slow = threads.submit(() -> queue.awaitFinished("slow", DEADLINE));
      queue.remove("slow");
      assertThat(slow.get()).isEmpty();
    }
  }
}
