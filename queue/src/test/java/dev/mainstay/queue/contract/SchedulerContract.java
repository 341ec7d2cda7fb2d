package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobScheduler;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.Schedule;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.cron.CronExpression;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Jobs that come at times. */
interface SchedulerContract extends QueueFixture {
  Duration MINUTE = Duration.ofMinutes(1);
  Duration HOUR = Duration.ofHours(1);
  JobRequest TEMPLATE =
      JobRequest.of("report", "{\"a\":1}")
          .with(options -> options.attempts(2, Backoff.NONE).priority(3));

  private Job next(TaskQueue queue) {
    return queue.list(JobState.DELAYED, Optional.empty(), 10).items().getFirst();
  }

  private Instant due(TaskQueue queue) {
    return next(queue).runAt().orElseThrow();
  }

  private Instant nextHour() {
    return clock().instant().truncatedTo(ChronoUnit.HOURS).plus(HOUR);
  }

  /** Turns the clock to a time and has the job that is due then done. */
  private Job runAt(TaskQueue queue, Instant time) throws InterruptedException {
    clock().advance(Duration.between(clock().instant(), time));
    return run(queue);
  }

  private Job run(TaskQueue queue) throws InterruptedException {
    ControlledHandler handler = ControlledHandler.create();
    var worker = workAllDay(queue, 1, handler);
    ControlledHandler.Run run = handler.next();
    run.succeed("");
    worker.close();
    return run.job();
  }

  @Test
  default void addsTheNextJobOfAPattern() throws Exception {
    TaskQueue queue = node().queue();
    Instant first = nextHour();

    JobScheduler made = queue.upsertScheduler("hourly", Schedule.cron("0 * * * *"), TEMPLATE);

    assertThat(made.next()).contains(first);
    assertThat(made.iterations()).isOne();
    assertThat(queue.findScheduler("hourly")).contains(made);
    Job job = next(queue);
    assertThat(job.id()).isEqualTo("repeat:hourly:" + first.toEpochMilli());
    assertThat(job.name()).isEqualTo("report");
    assertThat(job.data()).isEqualTo("{\"a\":1}");
    assertThat(job.options().attempts()).isEqualTo(2);
    assertThat(job.options().priority()).isEqualTo(3);
    assertThat(job.schedulerId()).contains("hourly");
    assertThat(job.runAt()).contains(first);
  }

  @Test
  default void itsIdDecidesWhatItsHashStandsFor() throws Exception {
    TaskQueue queue = node().queue();
    ZoneId utc = ZoneId.of("UTC");
    for (String id : List.of("one", "two")) {
      CronExpression hashed = CronExpression.parse("H H * * *", id);
      Instant first = hashed.next(clock().instant(), utc).orElseThrow();
      assertThat(queue.upsertScheduler(id, Schedule.cron("H H * * *"), TEMPLATE).next())
          .contains(first);
      queue.promote("repeat:%s:%d".formatted(id, first.toEpochMilli()));
      run(queue);
      assertThat(queue.findScheduler(id).orElseThrow().next()).isEqualTo(hashed.next(first, utc));
      queue.removeScheduler(id);
    }
  }

  @Test
  default void addsOneJobAfterTheOther() throws Exception {
    TaskQueue queue = node().queue();
    queue.upsertScheduler("hourly", Schedule.cron("0 * * * *"), TEMPLATE);
    Instant first = due(queue);

    assertThat(runAt(queue, first).id()).isEqualTo("repeat:hourly:" + first.toEpochMilli());
    assertThat(due(queue)).isEqualTo(first.plus(HOUR));
    runAt(queue, first.plus(HOUR));
    assertThat(due(queue)).isEqualTo(first.plus(HOUR.multipliedBy(2)));

    assertThat(count(queue, JobState.DELAYED)).isOne();
    assertThat(queue.findScheduler("hourly").orElseThrow().iterations()).isEqualTo(3);
  }

  @Test
  default void addsTheNextJobWhenTheLastOneStarts() throws Exception {
    TaskQueue queue = node().queue();
    queue.upsertScheduler("often", Schedule.every(MINUTE), TEMPLATE);
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 1, handler);
    ControlledHandler.Run run = handler.next();
    assertThat(count(queue, JobState.DELAYED)).isOne();

    // Another attempt adds no more.
    run.fail(new IllegalStateException("no"));
    run = handler.next();
    assertThat(run.job().schedulerId()).contains("often");
    assertThat(count(queue, JobState.DELAYED)).isOne();
    assertThat(queue.findScheduler("often").orElseThrow().iterations()).isEqualTo(2);
  }

  @Test
  default void makesUpForWhatWasMissedByOneJob() throws Exception {
    TaskQueue queue = node().queue();
    queue.upsertScheduler("hourly", Schedule.cron("0 * * * *"), TEMPLATE);
    Instant first = due(queue);
    clock().advance(Duration.between(clock().instant(), first.plus(Duration.ofHours(5))));
    clock().advance(MINUTE);

    assertThat(run(queue).id()).isEqualTo("repeat:hourly:" + first.toEpochMilli());
    assertThat(due(queue)).isEqualTo(first.plus(Duration.ofHours(6)));
  }

  @Test
  default void keepsThePaceOfAnInterval() throws Exception {
    TaskQueue queue = node().queue();
    Instant start = clock().instant();
    queue.upsertScheduler("often", Schedule.every(MINUTE), TEMPLATE);
    assertThat(queue.findScheduler("often").orElseThrow().next()).contains(start);

    clock().advance(Duration.ofSeconds(20));
    assertThat(run(queue).id()).isEqualTo("repeat:often:" + start.toEpochMilli());
    assertThat(due(queue)).isEqualTo(start.plus(MINUTE));
    clock().advance(Duration.ofSeconds(150));
    run(queue);
    assertThat(due(queue)).isEqualTo(start.plus(MINUTE.multipliedBy(3)));
  }

  @Test
  default void keepsTheOffsetOfAnInterval() throws Exception {
    TaskQueue queue = node().queue();
    Duration offset = Duration.ofMinutes(7);
    queue.upsertScheduler("often", Schedule.every(HOUR).withOffset(offset), TEMPLATE);
    Instant first = due(queue);
    assertThat(first).isAfter(clock().instant());
    assertThat(first.toEpochMilli() % HOUR.toMillis()).isEqualTo(offset.toMillis());

    runAt(queue, first.plus(Duration.ofHours(3)).plus(MINUTE));
    assertThat(due(queue)).isEqualTo(first.plus(Duration.ofHours(4)));
  }

  @Test
  default void startsAndEndsAtItsTimes() throws Exception {
    TaskQueue queue = node().queue();
    Instant start = nextHour().plus(Duration.ofHours(10));
    Schedule schedule =
        Schedule.cron("30 * * * *").startingAt(start).endingAt(start.plus(Duration.ofHours(2)));
    queue.upsertScheduler("short", schedule, TEMPLATE);
    assertThat(due(queue)).isEqualTo(start.plus(Duration.ofMinutes(30)));

    runAt(queue, due(queue));
    runAt(queue, due(queue));

    JobScheduler over = queue.findScheduler("short").orElseThrow();
    assertThat(over.next()).isEmpty();
    assertThat(over.iterations()).isEqualTo(2);
    assertThat(over.schedule()).isEqualTo(schedule);
    assertThat(count(queue, JobState.DELAYED)).isZero();
  }

  @Test
  default void addsNoMoreThanItsLimit() throws Exception {
    TaskQueue queue = node().queue();
    queue.upsertScheduler("twice", Schedule.every(MINUTE).withLimit(2), TEMPLATE);
    run(queue);
    runAt(queue, due(queue));

    assertThat(count(queue, JobState.DELAYED)).isZero();
    JobScheduler over = queue.findScheduler("twice").orElseThrow();
    assertThat(over.next()).isEmpty();
    assertThat(over.iterations()).isEqualTo(2);
    // Made again, it begins anew.
    queue.upsertScheduler("twice", Schedule.every(HOUR).withLimit(2), TEMPLATE);
    assertThat(queue.findScheduler("twice").orElseThrow().iterations()).isOne();
  }

  @Test
  default void addsTheFirstJobOfAPatternAtOnce() throws Exception {
    TaskQueue queue = node().queue();
    Instant hour = nextHour();
    queue.upsertScheduler("now", Schedule.cron("0 * * * *").atOnce(), TEMPLATE);
    assertThat(count(queue, JobState.WAITING)).isOne();

    run(queue);
    assertThat(due(queue)).isEqualTo(hour);
  }

  @Test
  default void followsTheClocksOfItsZone() throws Exception {
    TaskQueue queue = node().queue();
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Instant start = ZonedDateTime.of(2027, 3, 26, 12, 0, 0, 0, berlin).toInstant();
    clock().advance(Duration.between(clock().instant(), start));
    queue.upsertScheduler("nightly", Schedule.cron("0 30 2 * * *").in(berlin), TEMPLATE);

    assertThat(due(queue)).isEqualTo("2027-03-27T01:30:00Z");
    runAt(queue, due(queue));
    // The night in which half past two does not come.
    assertThat(due(queue)).isEqualTo("2027-03-28T01:30:00Z");
    runAt(queue, due(queue));
    assertThat(due(queue)).isEqualTo("2027-03-29T00:30:00Z");
  }

  @Test
  default void replacesTheNextJobWhenItIsChanged() {
    TaskQueue queue = node().queue();
    queue.upsertScheduler("x", Schedule.cron("0 0 1 1 *"), TEMPLATE);
    Instant hour = nextHour();

    queue.upsertScheduler("x", Schedule.cron("0 * * * *"), JobRequest.of("other", "2"));

    assertThat(count(queue, JobState.DELAYED)).isOne();
    assertThat(next(queue).name()).isEqualTo("other");
    assertThat(due(queue)).isEqualTo(hour);
    assertThat(queue.findScheduler("x").orElseThrow().iterations()).isOne();
  }

  @Test
  default void keepsTheTimeOfAnIntervalThatIsMadeAgain() throws Exception {
    TaskQueue queue = node().queue();
    queue.upsertScheduler("x", Schedule.every(HOUR), TEMPLATE);
    run(queue);
    Instant due = due(queue);
    clock().advance(MINUTE);

    queue.upsertScheduler("x", Schedule.every(HOUR), JobRequest.of("other", "2"));
    assertThat(due(queue)).isEqualTo(due);
    assertThat(next(queue).name()).isEqualTo("other");

    queue.upsertScheduler("x", Schedule.every(Duration.ofHours(2)), TEMPLATE);
    assertThat(count(queue, JobState.WAITING)).isOne();
    assertThat(count(queue, JobState.DELAYED)).isZero();
  }

  @Test
  default void leavesTheActiveJobWhenItIsChanged() throws Exception {
    TaskQueue queue = node().queue();
    queue.upsertScheduler("x", Schedule.every(HOUR), TEMPLATE);
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 1, handler);
    ControlledHandler.Run run = handler.next();

    queue.upsertScheduler("x", Schedule.cron("0 * * * *"), TEMPLATE);
    run.succeed("");

    awaitState(queue, run.job().id(), JobState.COMPLETED);
    assertThat(count(queue, JobState.DELAYED)).isOne();
  }

  @Test
  default void removesItsNextJobWithIt() {
    TaskQueue queue = node().queue();
    queue.upsertScheduler("x", Schedule.cron("0 * * * *"), TEMPLATE);

    assertThat(queue.removeScheduler("x")).isTrue();
    assertThat(queue.removeScheduler("x")).isFalse();

    assertThat(queue.findScheduler("x")).isEmpty();
    assertThat(count(queue, JobState.DELAYED)).isZero();
  }

  @Test
  default void goesOnWhenItsNextJobIsRemovedOrCanceled() {
    TaskQueue queue = node().queue();
    queue.upsertScheduler("x", Schedule.cron("0 * * * *"), TEMPLATE);
    Instant first = due(queue);

    queue.remove(next(queue).id());
    assertThat(due(queue)).isEqualTo(first.plus(HOUR));
    queue.cancel(next(queue).id(), "not today");
    assertThat(due(queue)).isEqualTo(first.plus(HOUR.multipliedBy(2)));
    assertThat(count(queue, JobState.FAILED)).isOne();
  }

  @Test
  default void goesOnWhenItsNextJobIsPromoted() throws Exception {
    TaskQueue queue = node().queue();
    queue.upsertScheduler("x", Schedule.cron("0 * * * *"), TEMPLATE);
    Instant first = due(queue);

    queue.promote(next(queue).id());
    run(queue);

    assertThat(due(queue)).isEqualTo(first.plus(HOUR));
  }

  @Test
  default void staysWhenAQueueIsDrainedAndCleaned() {
    TaskQueue queue = node().queue();
    queue.upsertScheduler("x", Schedule.cron("0 * * * *"), TEMPLATE);
    queue.upsertScheduler("now", Schedule.every(HOUR), TEMPLATE);
    queue.add(job("plain").with(options -> options.delay(MINUTE)));

    assertThat(queue.drain(true)).isOne();
    assertThat(queue.clean(JobState.DELAYED, Duration.ZERO, 10)).isEmpty();
    assertThat(queue.clean(JobState.WAITING, Duration.ZERO, 10)).isEmpty();
    assertThat(count(queue, JobState.DELAYED)).isOne();
    assertThat(count(queue, JobState.WAITING)).isOne();

    queue.obliterate(false);
    assertThat(queue.listSchedulers(Optional.empty(), 10).items()).isEmpty();
  }

  @Test
  default void takesTheNextFreeTime() throws Exception {
    TaskQueue queue = node().queue();
    Instant first = nextHour();
    queue.add(job("repeat:x:" + first.toEpochMilli()));

    JobScheduler made = queue.upsertScheduler("x", Schedule.cron("0 * * * *"), TEMPLATE);

    assertThat(made.next()).contains(first.plus(HOUR));
    assertThat(made.iterations()).isOne();
  }

  @Test
  default void addsEachJobOnceThoughManyWork() throws Exception {
    InstantSource system = InstantSource.system();
    TaskQueue queue = node(system).queue();
    for (int i = 0; i < 3; i++) {
      closing(node(system).queue().work(options("worker-" + i, 2), (job, context) -> ""));
    }
    queue.upsertScheduler("fast", Schedule.every(Duration.ofMillis(50)).withLimit(20), TEMPLATE);

    await().atMost(DEADLINE).until(() -> count(queue, JobState.COMPLETED) >= 20);

    assertThat(count(queue, JobState.COMPLETED)).isEqualTo(20);
    assertThat(count(queue, JobState.DELAYED)).isZero();
    assertThat(queue.findScheduler("fast").orElseThrow().iterations()).isEqualTo(20);
  }

  @Test
  default void listsSchedulersById() {
    TaskQueue queue = node().queue();
    List<String> ids = IntStream.range(0, 5).mapToObj(i -> "s-" + i).toList();
    ids.forEach(id -> queue.upsertScheduler(id, Schedule.every(HOUR), TEMPLATE));

    Page<JobScheduler> first = queue.listSchedulers(Optional.empty(), 3);
    Page<JobScheduler> rest = queue.listSchedulers(first.next(), 3);

    assertThat(first.items()).extracting(JobScheduler::id).containsExactly("s-0", "s-1", "s-2");
    assertThat(rest.items()).extracting(JobScheduler::id).containsExactly("s-3", "s-4");
    assertThat(rest.next()).isEmpty();
  }

  @Test
  default void refusesSchedulesThatCannotBe() {
    TaskQueue queue = node().queue();
    Instant now = clock().instant();
    assertThatThrownBy(() -> Schedule.cron("99 * * * *"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Schedule.cron("0 0 30 2 *")).hasMessageContaining("day of month");
    assertThatThrownBy(() -> Schedule.every(Duration.ZERO)).hasMessageContaining("every");
    assertThatThrownBy(() -> Schedule.every(HOUR).withOffset(HOUR)).hasMessageContaining("offset");
    assertThatThrownBy(() -> Schedule.every(HOUR).withLimit(0)).hasMessageContaining("limit");
    assertThatThrownBy(() -> Schedule.cron("0 * * * *").startingAt(now).atOnce())
        .hasMessageContaining("at once");
    assertThatThrownBy(() -> Schedule.every(HOUR).startingAt(now).endingAt(now.minusSeconds(1)))
        .hasMessageContaining("before its start");
    assertThatThrownBy(
            () ->
                queue.upsertScheduler(
                    "x", Schedule.every(HOUR).endingAt(now.minusSeconds(1)), TEMPLATE))
        .hasMessageContaining("no time");
    assertThatThrownBy(() -> Schedule.cron("")).hasMessageContaining("blank");
    assertThatThrownBy(() -> Schedule.cron(" ")).hasMessageContaining("blank");
    Instant far = now.plus(JobOptions.MAX_DELAY).plus(HOUR);
    for (Schedule late :
        List.of(Schedule.every(HOUR).startingAt(far), Schedule.cron("0 * * * *").startingAt(far))) {
      assertThatThrownBy(() -> queue.upsertScheduler("x", late, TEMPLATE))
          .hasMessageContaining("within 3650 days");
    }
    assertThatThrownBy(() -> queue.upsertScheduler("", Schedule.every(HOUR), TEMPLATE))
        .hasMessageContaining("scheduler id");
    assertThatThrownBy(() -> queue.upsertScheduler("x".repeat(255), Schedule.every(HOUR), TEMPLATE))
        .hasMessageContaining("scheduler id");
    for (JobRequest wrong :
        List.of(
            job("id"),
            TEMPLATE.with(options -> options.delay(HOUR)),
            TEMPLATE.with(options -> options.deduplication(Deduplication.simple("x"))))) {
      assertThatThrownBy(() -> queue.upsertScheduler("x", Schedule.every(HOUR), wrong))
          .hasMessageContaining("template");
    }
    assertThat(queue.listSchedulers(Optional.empty(), 10).items()).isEmpty();
  }

  /** The jobs of a scheduler that are still to run. */
  private List<Job> ahead(TaskQueue queue) {
    return Stream.of(JobState.WAITING, JobState.DELAYED)
        .flatMap(state -> queue.list(state, Optional.empty(), 100).items().stream())
        .toList();
  }

  /** Runs all at once, over two nodes. */
  private void atOnce(List<Consumer<TaskQueue>> acts) throws Exception {
    List<TaskQueue> queues = List.of(node().queue(), node().queue());
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < acts.size(); i++) {
        Consumer<TaskQueue> act = acts.get(i);
        TaskQueue queue = queues.get(i % queues.size());
        done.add(
            threads.submit(
                () -> {
                  go.await();
                  act.accept(queue);
                  return 0;
                }));
      }
      go.countDown();
      for (Future<?> one : done) {
        one.get();
      }
    }
  }

  @Test
  default void parallelChangesLeaveOneNextJob() throws Exception {
    TaskQueue queue = node().queue();
    for (int round = 0; round < 4; round++) {
      atOnce(
          IntStream.range(0, 25)
              .<Consumer<TaskQueue>>mapToObj(
                  i ->
                      on -> {
                        Schedule schedule =
                            i % 3 == 0
                                ? Schedule.cron(i % 60 + " * * * *")
                                : Schedule.every(Duration.ofSeconds(600 + i));
                        assertThat(on.upsertScheduler("one", schedule, TEMPLATE).id())
                            .isEqualTo("one");
                      })
              .toList());
      assertThat(ahead(queue)).as("round %d", round).hasSize(1);
      JobScheduler scheduler = queue.findScheduler("one").orElseThrow();
      assertThat(ahead(queue).getFirst().id())
          .isEqualTo("repeat:one:" + scheduler.next().orElseThrow().toEpochMilli());
      clock().advance(Duration.ofMillis(1));
    }
  }

  @Test
  default void removalAgainstChangesLeavesBothOrNothing() throws Exception {
    TaskQueue queue = node().queue();
    for (int round = 0; round < 8; round++) {
      atOnce(
          IntStream.range(0, 16)
              .<Consumer<TaskQueue>>mapToObj(
                  i ->
                      i % 2 == 0
                          ? on -> on.removeScheduler("one")
                          : on ->
                              assertThat(
                                      on.upsertScheduler(
                                              "one",
                                              Schedule.every(MINUTE.plusSeconds(i)),
                                              TEMPLATE)
                                          .next())
                                  .isPresent())
              .toList());
      int expected = queue.findScheduler("one").isPresent() ? 1 : 0;
      assertThat(ahead(queue)).as("round %d", round).hasSize(expected);
      clock().advance(Duration.ofMillis(1));
    }
    queue.removeScheduler("one");
    assertThat(ahead(queue)).isEmpty();
  }

  @Test
  default void changesWhileWorkersTakeItsJobsLeaveOneNextJob() throws Exception {
    TaskQueue queue = node().queue();
    Worker worker =
        closing(
            queue.work(
                new WorkerOptions("taker", 3, WorkerOptions.MAX_LEASE, 1), (job, context) -> ""));
    for (int round = 0; round < 10; round++) {
      atOnce(
          IntStream.range(0, 8)
              .<Consumer<TaskQueue>>mapToObj(
                  i ->
                      on ->
                          on.upsertScheduler(
                              "one", Schedule.every(Duration.ofSeconds(60 + i)), TEMPLATE))
              .toList());
      clock().advance(MINUTE);
    }
    worker.close();
    assertThat(queue.findScheduler("one").orElseThrow().next()).isPresent();
    // What the worker had taken and gave back has been the next one before.
    assertThat(ahead(queue)).filteredOn(job -> job.processedAt().isEmpty()).hasSize(1);
  }
}
