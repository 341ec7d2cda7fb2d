package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.UnsupportedFeatureException;
import dev.mainstay.queue.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How much may start or be used within a time. */
interface RateContract extends QueueFixture {
  Duration MINUTE = Duration.ofMinutes(1);

  private JobRequest job(String id, long units) {
    return job(id).with(options -> options.units(units));
  }

  private void addJobs(TaskQueue queue, int jobs) {
    for (int i = 1; i <= jobs; i++) {
      queue.add(job("job-" + i));
    }
  }

  private void advance(TaskQueue queue, Duration time) {
    clock().advance(time);
    queue.wake();
  }

  /**
   * Ends a run. Its end and what is taken then are one step of the worker, so that what has not
   * started after this does not start until something changes.
   */
  private void complete(TaskQueue queue, ControlledHandler.Run run) {
    run.succeed("");
    awaitState(queue, run.job().id(), JobState.COMPLETED);
  }

  /** True if the engine knows no limits of units; it has said so then. */
  private boolean refused() {
    if (supports(Feature.UNIT_LIMITS)) {
      return false;
    }
    TaskQueue queue = node().queue();
    assertThatThrownBy(() -> queue.setUnitLimit(Optional.of(new RateLimit(100, MINUTE))))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("Unit limits are not supported on");
    assertThat(queue.unitLimit()).isEmpty();
    return true;
  }

  @Test
  default void limitsHowManyJobsStart() throws Exception {
    TaskQueue queue = node().queue();
    queue.setRateLimit(Optional.of(new RateLimit(3, MINUTE)));
    assertThat(queue.rateLimit()).contains(new RateLimit(3, MINUTE));
    addJobs(queue, 5);
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 10, handler);
    ControlledHandler.Run first = handler.next();
    handler.next();
    handler.next();

    clock().advance(MINUTE.minus(moment()));
    complete(queue, first);
    assertThat(count(queue, JobState.ACTIVE)).isEqualTo(2);

    advance(queue, moment().plusSeconds(1));
    assertThat(List.of(handler.next().job().id(), handler.next().job().id()))
        .containsExactlyInAnyOrder("job-4", "job-5");
  }

  @Test
  default void keepsTheRateInEveryStretchOfTime() throws Exception {
    TaskQueue queue = node().queue();
    queue.setRateLimit(Optional.of(new RateLimit(2, MINUTE)));
    runOne(queue, "job-1");
    clock().advance(Duration.ofSeconds(50));
    runOne(queue, "job-2");
    clock().advance(Duration.ofSeconds(11));
    queue.add(job("job-4").with(options -> options.priority(1)));
    if (!supports(Feature.SLIDING_RATES)) {
      // The stretch that began with the first job is over.
      ControlledHandler handler = ControlledHandler.create();
      workAllDay(queue, 10, handler);
      assertThat(handler.next().job().id()).isEqualTo("job-4");
      return;
    }
    runOne(queue, "job-3");

    assertThat(queue.find("job-4").orElseThrow().state()).isEqualTo(JobState.WAITING);
    clock().advance(Duration.ofSeconds(50));
    runOne(queue, "job-5");
  }

  /** Adds a job and has it done by a worker that has not looked at the clock before. */
  private void runOne(TaskQueue queue, String id) throws InterruptedException {
    queue.add(job(id));
    ControlledHandler handler = ControlledHandler.create();
    Worker worker = workAllDay(queue, 10, handler);
    ControlledHandler.Run run = handler.next();
    assertThat(run.job().id()).isEqualTo(id);
    complete(queue, run);
    worker.close();
  }

  @Test
  default void startsWhatWaitsForTheRateWithoutBeingWoken() throws Exception {
    TaskQueue queue = node(Instant::now).queue();
    queue.setRateLimit(Optional.of(new RateLimit(1, Duration.ofMillis(200))));
    addJobs(queue, 3);
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 10, handler);
    Instant last = null;
    for (int i = 0; i < 3; i++) {
      Instant started = handler.next().job().processedAt().orElseThrow();
      if (last != null) {
        assertThat(started).isAfterOrEqualTo(last.plusMillis(200));
      }
      last = started;
    }
  }

  @Test
  default void keepsTheRateOverAllWorkers() throws Exception {
    TaskQueue queue = node().queue();
    queue.setRateLimit(Optional.of(new RateLimit(4, MINUTE)));
    ControlledHandler handler = ControlledHandler.create();
    for (int i = 0; i < 3; i++) {
      closing(node().queue().work(options("worker-" + i, 5), handler));
    }
    addJobs(queue, 10);
    for (int i = 0; i < 4; i++) {
      complete(queue, handler.next());
    }

    assertThat(count(queue, JobState.WAITING)).isEqualTo(6);
    assertThat(count(queue, JobState.ACTIVE)).isZero();
  }

  @Test
  default void startsWhatWaitsWhenTheRateIsLifted() throws Exception {
    TaskQueue queue = node().queue();
    queue.setRateLimit(Optional.of(new RateLimit(1, MINUTE)));
    addJobs(queue, 3);
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 10, handler);
    handler.next();

    queue.setRateLimit(Optional.of(new RateLimit(2, MINUTE)));
    assertThat(handler.next().job().id()).isEqualTo("job-2");
    queue.setRateLimit(Optional.empty());
    assertThat(handler.next().job().id()).isEqualTo("job-3");
  }

  @Test
  default void goesOnAfterTheClockIsSetBack() throws Exception {
    TaskQueue queue = node().queue();
    queue.setRateLimit(Optional.of(new RateLimit(1, MINUTE)));
    addJobs(queue, 3);
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 10, handler);
    handler.next();

    advance(queue, Duration.ofHours(-1));
    if (!supports(Feature.SLIDING_RATES)) {
      // The engine's clock was not set back; the limit ends when it would have.
      advance(queue, MINUTE);
    }
    assertThat(handler.next().job().id()).isEqualTo("job-2");
    advance(queue, Duration.ofHours(2));
    assertThat(handler.next().job().id()).isEqualTo("job-3");
  }

  @Test
  default void reservesTheUnitsOfAJobThatStarts() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    queue.setUnitLimit(Optional.of(new RateLimit(100, MINUTE)));
    assertThat(queue.unitLimit()).contains(new RateLimit(100, MINUTE));
    queue.add(job("first", 60));
    queue.add(job("second", 60));
    queue.add(job("small", 10));
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 10, handler);
    ControlledHandler.Run first = handler.next();
    assertThat(first.job().id()).isEqualTo("first");

    // What wants less does not overtake what is next, lest that never starts.
    complete(queue, first);
    assertThat(count(queue, JobState.WAITING)).isEqualTo(2);

    advance(queue, MINUTE.plusSeconds(1));
    assertThat(List.of(handler.next().job().id(), handler.next().job().id()))
        .containsExactlyInAnyOrder("second", "small");
  }

  @Test
  default void startsAJobThatWantsMoreThanThereIsWhenNothingIsUsed() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    queue.setUnitLimit(Optional.of(new RateLimit(100, MINUTE)));
    queue.add(job("small", 1));
    queue.add(job("huge", 250));
    queue.add(job("next", 1));
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 10, handler);
    complete(queue, handler.next());
    assertThat(count(queue, JobState.WAITING)).isEqualTo(2);

    advance(queue, MINUTE.plusSeconds(1));
    ControlledHandler.Run huge = handler.next();
    assertThat(huge.job().id()).isEqualTo("huge");
    complete(queue, huge);
    assertThat(count(queue, JobState.WAITING)).isOne();

    advance(queue, MINUTE.plusSeconds(1));
    assertThat(handler.next().job().id()).isEqualTo("next");
  }

  @Test
  default void reservesMoreUnitsForAJobThatRuns() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    queue.setUnitLimit(Optional.of(new RateLimit(100, MINUTE)));
    queue.add(job("caller", 10));
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 10, handler);
    ControlledHandler.Run run = handler.next();

    assertThat(run.context().reserve(50)).isEmpty();
    Instant later = run.context().reserve(50).orElseThrow();
    assertThat(later)
        .isBetween(clock().instant().plus(MINUTE), clock().instant().plus(MINUTE).plusSeconds(1));

    clock().advance(Duration.between(clock().instant(), later));
    assertThat(run.context().reserve(50)).isEmpty();
  }

  @Test
  default void correctsWhatAJobHasUsed() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    queue.setUnitLimit(Optional.of(new RateLimit(100, MINUTE)));
    queue.add(job("frugal", 80));
    queue.add(job("waste", 80));
    queue.add(job("last", 30));
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 10, handler);
    ControlledHandler.Run frugal = handler.next();
    assertThat(frugal.context().reserve(20)).isEmpty();
    frugal.context().settle(5);
    frugal.context().settle(15);
    complete(queue, frugal);

    ControlledHandler.Run waste = handler.next();
    assertThat(waste.job().id()).isEqualTo("waste");
    waste.context().settle(300);
    complete(queue, waste);
    assertThat(count(queue, JobState.WAITING)).isOne();

    advance(queue, MINUTE.plusSeconds(1));
    assertThat(handler.next().job().id()).isEqualTo("last");
  }

  @Test
  default void countsUnitsOnlyWhereThereIsALimit() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 1, handler);
    queue.add(job("free", RateLimit.MAX));
    ControlledHandler.Run run = handler.next();

    assertThat(run.context().reserve(RateLimit.MAX)).isEmpty();
    run.context().settle(0);
    complete(queue, run);
  }

  @Test
  default void refusesLimitsThatAreOutOfRange() throws Exception {
    assertThatThrownBy(() -> new RateLimit(0, MINUTE)).hasMessageContaining("max");
    assertThatThrownBy(() -> new RateLimit(1, Duration.ZERO)).hasMessageContaining("duration");
    assertThatThrownBy(() -> new RateLimit(1, Duration.ofDays(400)))
        .hasMessageContaining("duration");
    assertThatThrownBy(() -> job("x", 0)).hasMessageContaining("units");
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 1, handler);
    queue.add(job("x"));
    ControlledHandler.Run run = handler.next();
    assertThatThrownBy(() -> run.context().reserve(0)).hasMessageContaining("units");
    assertThatThrownBy(() -> run.context().settle(-1)).hasMessageContaining("units");
  }
}
