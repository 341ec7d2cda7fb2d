package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobGroup;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.UnsupportedFeatureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Jobs of several tenants, and what each of them may take. */
interface GroupContract extends QueueFixture {
  Duration MINUTE = Duration.ofMinutes(1);

  private JobRequest job(String id, String group) {
    return job(id).with(options -> options.group(group));
  }

  /** Adds {@code group-1}, {@code group-2} and so on. */
  private void addTo(TaskQueue queue, String group, int jobs) {
    queue.addBulk(
        IntStream.rangeClosed(1, jobs).mapToObj(i -> job(group + "-" + i, group)).toList());
  }

  /** Ends each run as it starts. */
  private List<String> order(ControlledHandler handler, int runs) throws InterruptedException {
    List<String> order = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      ControlledHandler.Run run = handler.next();
      order.add(run.job().id());
      run.succeed("");
    }
    return order;
  }

  private Map<String, ControlledHandler.Run> started(ControlledHandler handler, int runs)
      throws InterruptedException {
    Map<String, ControlledHandler.Run> started = new HashMap<>();
    for (int i = 0; i < runs; i++) {
      ControlledHandler.Run run = handler.next();
      started.put(run.job().id(), run);
    }
    return started;
  }

  private ControlledHandler.Run run(Map<String, ControlledHandler.Run> started, String id) {
    return Objects.requireNonNull(started.get(id), id);
  }

  /** True if the engine knows no groups; it has said so then. */
  private boolean refused() {
    if (supports(Feature.GROUPS)) {
      return false;
    }
    TaskQueue queue = node().queue();
    GroupLimits limits = GroupLimits.NONE.withConcurrency(1);
    List.<ThrowingCallable>of(
            () -> queue.add(job("a-1", "a")),
            () -> queue.addBulk(List.of(job("plain"), job("a-1", "a"))),
            () -> queue.setGroupLimits(limits),
            () -> queue.setGroupLimits("a", Optional.of(limits)))
        .forEach(
            use ->
                assertThatThrownBy(use)
                    .isInstanceOf(UnsupportedFeatureException.class)
                    .hasMessageContaining("roups are not supported on"));
    assertThat(queue.counts()).allSatisfy((state, count) -> assertThat(count).isZero());
    assertThat(queue.groups(Optional.empty(), 10).items()).isEmpty();
    assertThat(queue.groupLimits()).isEqualTo(GroupLimits.NONE);
    return true;
  }

  @Test
  default void takesFromEachGroupInTurn() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    addTo(queue, "a", 4);
    addTo(queue, "b", 2);
    queue.add(job("none-1"));
    queue.add(job("none-2"));
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 1, handler);

    assertThat(order(handler, 8))
        .containsExactly("a-1", "b-1", "none-1", "a-2", "b-2", "none-2", "a-3", "a-4");
  }

  @Test
  default void startsTheFirstJobOfATenantAmongThoseOfAnother() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    List<JobRequest> many =
        Collections.nCopies(
            TaskQueue.MAX_BULK, JobRequest.of("test", "{}").with(options -> options.group("a")));
    for (int i = 0; i < 10; i++) {
      queue.addBulk(many);
    }
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 1, handler);
    ControlledHandler.Run first = handler.next();
    queue.add(job("other", "b"));
    first.succeed("");

    assertThat(order(handler, 2)).contains("other");
  }

  @Test
  default void sharesTheFreeSlotsOfAWorker() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    addTo(queue, "a", 20);
    addTo(queue, "b", 20);
    addTo(queue, "c", 1);
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 9, handler);

    assertThat(started(handler, 9))
        .containsOnlyKeys("a-1", "a-2", "a-3", "a-4", "b-1", "b-2", "b-3", "b-4", "c-1");
  }

  @Test
  default void takesJobsOfAGroupByPriority() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    queue.add(job("a-late", "a").with(options -> options.priority(5)));
    queue.add(job("a-soon", "a").with(options -> options.priority(1)));
    queue.add(job("a-last-in", "a").with(options -> options.priority(1).lifo(true)));
    queue.add(job("b-late", "b").with(options -> options.priority(9)));
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 1, handler);

    assertThat(order(handler, 4)).containsExactly("a-last-in", "b-late", "a-soon", "a-late");
  }

  @Test
  default void keepsTheGroupOverDelaysAndRetries() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 1, handler);
    Job added =
        queue.add(
            job("again", "a")
                .with(options -> options.attempts(2, Backoff.NONE).delay(MINUTE).units(7)));
    assertThat(added.options().group()).contains("a");
    queue.promote("again");
    handler.next().fail(new IllegalStateException("no"));

    Job second = handler.next().job();

    assertThat(second.options().group()).contains("a");
    assertThat(second.options().units()).isEqualTo(7);
  }

  @Test
  default void limitsTheActiveJobsOfEachGroup() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    queue.setGroupLimits(GroupLimits.NONE.withConcurrency(2));
    addTo(queue, "a", 4);
    addTo(queue, "b", 4);
    queue.addBulk(List.of(job("none-1"), job("none-2"), job("none-3")));
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 20, handler);

    Map<String, ControlledHandler.Run> started = started(handler, 7);
    assertThat(started).containsOnlyKeys("a-1", "a-2", "b-1", "b-2", "none-1", "none-2", "none-3");
    run(started, "a-1").succeed("");

    assertThat(handler.next().job().id()).isEqualTo("a-3");
    awaitState(queue, "a-1", JobState.COMPLETED);
    assertThat(count(queue, JobState.ACTIVE)).isEqualTo(7);
    assertThat(queue.groupLimits()).isEqualTo(GroupLimits.NONE.withConcurrency(2));
  }

  @Test
  default void limitsTheActiveJobsOfAGroupOverAllWorkers() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    queue.setGroupLimits(GroupLimits.NONE.withConcurrency(1));
    ControlledHandler handler = ControlledHandler.create();
    for (int i = 0; i < 3; i++) {
      closing(node().queue().work(options("worker-" + i, 5), handler));
    }
    addTo(queue, "a", 3);
    for (int i = 1; i <= 3; i++) {
      ControlledHandler.Run run = handler.next();
      assertThat(run.job().id()).isEqualTo("a-" + i);
      assertThat(count(queue, JobState.ACTIVE)).isOne();
      run.succeed("");
    }
    awaitState(queue, "a-3", JobState.COMPLETED);
  }

  @Test
  default void givesAGroupLimitsOfItsOwn() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    queue.setGroupLimits(GroupLimits.NONE.withConcurrency(1));
    queue.setGroupLimits("large", Optional.of(GroupLimits.NONE.withConcurrency(3)));
    queue.setGroupLimits("free", Optional.of(GroupLimits.NONE));
    for (String group : List.of("small", "large", "free")) {
      addTo(queue, group, 4);
    }
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 20, handler);

    Map<String, ControlledHandler.Run> started = started(handler, 8);
    assertThat(started)
        .containsOnlyKeys(
            "small-1", "large-1", "large-2", "large-3", "free-1", "free-2", "free-3", "free-4");
    queue.setGroupLimits("large", Optional.empty());
    assertThat(queue.groupLimits("large")).isEmpty();
    assertThat(queue.groupLimits("free")).contains(GroupLimits.NONE);

    run(started, "large-1").succeed("");
    awaitState(queue, "large-1", JobState.COMPLETED);
    assertThat(count(queue, JobState.ACTIVE)).isEqualTo(7);
  }

  @Test
  default void limitsOneGroupThoughOthersHaveNoLimits() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    queue.setGroupLimits("a", Optional.of(GroupLimits.NONE.withConcurrency(1)));
    addTo(queue, "a", 2);
    addTo(queue, "b", 2);
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 20, handler);

    Map<String, ControlledHandler.Run> started = started(handler, 3);
    assertThat(started).containsOnlyKeys("a-1", "b-1", "b-2");
    run(started, "b-1").succeed("");
    awaitState(queue, "b-1", JobState.COMPLETED);
    assertThat(count(queue, JobState.ACTIVE)).isEqualTo(2);
  }

  @Test
  default void limitsTheRateOfEachGroup() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    queue.setGroupLimits(GroupLimits.NONE.withRate(new RateLimit(2, MINUTE)));
    addTo(queue, "a", 3);
    addTo(queue, "b", 3);
    queue.addBulk(List.of(job("none-1"), job("none-2"), job("none-3")));
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 20, handler);

    Map<String, ControlledHandler.Run> started = started(handler, 7);
    assertThat(started).containsOnlyKeys("a-1", "a-2", "b-1", "b-2", "none-1", "none-2", "none-3");
    clock().advance(MINUTE.minusMillis(1));
    run(started, "a-1").succeed("");
    awaitState(queue, "a-1", JobState.COMPLETED);
    assertThat(count(queue, JobState.ACTIVE)).isEqualTo(6);

    clock().advance(Duration.ofSeconds(2));
    queue.wake();
    assertThat(started(handler, 2)).containsOnlyKeys("a-3", "b-3");
  }

  @Test
  default void letsABlockedGroupGoWhenItsLimitIsRaised() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    queue.setGroupLimits("a", Optional.of(GroupLimits.NONE.withRate(new RateLimit(1, MINUTE))));
    addTo(queue, "a", 3);
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 20, handler);
    assertThat(handler.next().job().id()).isEqualTo("a-1");

    queue.setGroupLimits("a", Optional.of(GroupLimits.NONE.withRate(new RateLimit(2, MINUTE))));
    assertThat(handler.next().job().id()).isEqualTo("a-2");

    queue.setGroupLimits("a", Optional.empty());
    assertThat(handler.next().job().id()).isEqualTo("a-3");
  }

  @Test
  default void limitsTheUnitsOfEachGroup() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    queue.setGroupLimits(GroupLimits.NONE.withUnits(new RateLimit(100, MINUTE)));
    queue.add(job("a-1", "a").with(options -> options.units(60)));
    queue.add(job("a-2", "a").with(options -> options.units(60)));
    queue.add(job("b-1", "b").with(options -> options.units(60)));
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 20, handler);

    Map<String, ControlledHandler.Run> started = started(handler, 2);
    assertThat(started).containsOnlyKeys("a-1", "b-1");
    assertThat(run(started, "a-1").context().reserve(50)).isPresent();
    run(started, "a-1").context().settle(40);
    run(started, "a-1").succeed("");

    assertThat(handler.next().job().id()).isEqualTo("a-2");
  }

  @Test
  default void goesOnWithABlockedGroupAfterTheClockIsSetBack() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    queue.setGroupLimits(GroupLimits.NONE.withRate(new RateLimit(1, MINUTE)));
    addTo(queue, "a", 2);
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 2, handler);
    handler.next();

    clock().advance(Duration.ofHours(-1));
    queue.wake();

    assertThat(handler.next().job().id()).isEqualTo("a-2");
  }

  @Test
  default void listsGroupsByName() throws Exception {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    addTo(queue, "b", 3);
    addTo(queue, "a", 1);
    queue.add(job("none"));
    GroupLimits own = GroupLimits.NONE.withConcurrency(1);
    queue.setGroupLimits("b", Optional.of(own));
    queue.setGroupLimits("idle", Optional.of(GroupLimits.NONE));
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(queue, 3, handler);
    started(handler, 3);

    Page<JobGroup> first = queue.groups(Optional.empty(), 2);
    Page<JobGroup> rest = queue.groups(first.next(), 2);

    assertThat(first.items())
        .containsExactly(
            new JobGroup("a", 0, 1, Optional.empty()), new JobGroup("b", 2, 1, Optional.of(own)));
    assertThat(rest.items())
        .containsExactly(new JobGroup("idle", 0, 0, Optional.of(GroupLimits.NONE)));
    assertThat(rest.next()).isEmpty();
  }

  @Test
  default void listsTheJobsThatWaitGroupByGroup() {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    addTo(queue, "b/ü", 2);
    addTo(queue, "a", 2);
    queue.add(job("none"));
    List<String> ids = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page<Job> page = queue.list(JobState.WAITING, cursor, 2);
      page.items().forEach(job -> ids.add(job.id()));
      cursor = page.next();
    } while (cursor.isPresent());

    assertThat(ids).containsExactly("none", "a-1", "a-2", "b/ü-1", "b/ü-2");
    assertThat(queue.drain(false)).isEqualTo(5);
  }

  @Test
  default void forgetsTheLimitsOfGroupsWithTheQueue() {
    if (refused()) {
      return;
    }
    TaskQueue queue = node().queue();
    queue.setGroupLimits(GroupLimits.NONE.withConcurrency(1));
    queue.setGroupLimits("a", Optional.of(GroupLimits.NONE.withConcurrency(2)));

    queue.obliterate(false);

    assertThat(queue.groupLimits()).isEqualTo(GroupLimits.NONE);
    assertThat(queue.groupLimits("a")).isEmpty();
    assertThat(queue.groups(Optional.empty(), 10).items()).isEmpty();
  }

  @Test
  default void refusesGroupsWithoutAName() {
    assertThatThrownBy(() -> job("x", " ")).hasMessageContaining("group");
    assertThatThrownBy(() -> job("x", "g".repeat(256))).hasMessageContaining("255");
    assertThatThrownBy(() -> GroupLimits.NONE.withConcurrency(0))
        .hasMessageContaining("concurrency");
    assertThatThrownBy(() -> node().queue().setGroupLimits("", Optional.empty()))
        .hasMessageContaining("group");
  }
}
