package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Which workers there are, for whoever asks in whatever process. */
interface WorkersContract extends QueueFixture {

  default List<WorkerInfo> allWorkers(TaskQueue queue) {
    Page<WorkerInfo> page = queue.workers(Optional.empty(), TaskQueue.MAX_PAGE);
    assertThat(page.next()).isEmpty();
    return page.items();
  }

  default List<WorkerInfo> awaitWorkers(TaskQueue queue, int count) {
    return await()
        .atMost(DEADLINE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> allWorkers(queue), workers -> workers.size() == count);
  }

  @Test
  default void listsAWorkerFromItsStartToItsEnd() throws Exception {
    TaskQueue queue = node().queue();
    TaskQueue other = node().queue();
    assertThat(allWorkers(queue)).isEmpty();
    Instant start = clock().instant();
    Worker worker = closing(queue.work(options("host-1", 7), ControlledHandler.create()));

    WorkerInfo info = awaitWorkers(other, 1).getFirst();
    assertThat(info.id()).isNotBlank();
    assertThat(info.name()).contains("host-1");
    assertThat(info.pid()).isEqualTo(OptionalLong.of(ProcessHandle.current().pid()));
    assertThat(info.library()).isEqualTo(WorkerInfo.MAINSTAY);
    assertThat(info.concurrency()).isEqualTo(OptionalInt.of(7));
    assertThat(info.active()).isZero();
    assertThat(info.jobs()).isEmpty();
    assertThat(info.startedAt()).contains(start);
    assertThat(info.seenAt()).isEqualTo(start);

    worker.close();
    assertThat(allWorkers(other)).isEmpty();
    Worker again = closing(queue.work(options("host-1", 7), ControlledHandler.create()));
    assertThat(awaitWorkers(other, 1).getFirst().id()).isNotEqualTo(info.id());
    again.close();
    worker.close();
    assertThat(allWorkers(other)).isEmpty();
  }

  @Test
  default void tellsWhatEachWorkerRuns() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler many = ControlledHandler.create();
    Worker busy = closing(queue.work(options("busy", 25), many));
    List<JobRequest> jobs = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      jobs.add(job("job-" + i));
    }
    queue.addBulk(jobs);
    List<ControlledHandler.Run> runs = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      runs.add(many.next());
    }
    busy.pause();
    ControlledHandler few = ControlledHandler.create();
    closing(node().queue().work(options("other", 1), few));
    queue.add(job("last"));
    ControlledHandler.Run last = few.next();
    assertThat(last.job().id()).isEqualTo("last");

    List<WorkerInfo> workers = awaitWorkers(queue, 2);
    WorkerInfo first = named(workers, "busy");
    assertThat(first.active()).isEqualTo(24);
    assertThat(first.jobs())
        .hasSize(WorkerInfo.MAX_JOBS)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.startsWith("job-"));
    assertThat(named(workers, "other").active()).isOne();
    assertThat(named(workers, "other").jobs()).containsExactly("last");

    last.succeed("");
    awaitState(queue, "last", JobState.COMPLETED);
    runs.forEach(run -> run.succeed(""));
    runs.forEach(run -> awaitState(queue, run.job().id(), JobState.COMPLETED));
    assertThat(allWorkers(queue))
        .hasSize(2)
        .allSatisfy(
            worker -> {
              assertThat(worker.active()).isZero();
              assertThat(worker.jobs()).isEmpty();
            });
  }

  private static WorkerInfo named(List<WorkerInfo> workers, String name) {
    return workers.stream()
        .filter(worker -> worker.name().equals(Optional.of(name)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  default void listsWorkersByTheirStartPageByPage() {
    QueueNode node = node();
    TaskQueue queue = node.queue();
    List<String> names = List.of("c", "a", "b", "a", "d");
    for (String name : names) {
      clock().advance(Duration.ofMillis(1));
      closing(queue.work(options(name, 1), ControlledHandler.create()));
    }
    closing(node.queue("elsewhere").work(options("x", 1), ControlledHandler.create()));
    List<WorkerInfo> all = awaitWorkers(queue, names.size());
    assertThat(all).extracting(worker -> worker.name().orElseThrow()).isEqualTo(names);
    assertThat(awaitWorkers(node.queue("elsewhere"), 1)).hasSize(1);

    List<WorkerInfo> paged = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page<WorkerInfo> page = queue.workers(cursor, 2);
      paged.addAll(page.items());
      sizes.add(page.items().size());
      cursor = page.next();
    } while (cursor.isPresent());
    assertThat(sizes).containsExactly(2, 2, 1);
    assertThat(paged)
        .extracting(WorkerInfo::id)
        .isEqualTo(all.stream().map(WorkerInfo::id).toList());
    for (int limit : List.of(0, TaskQueue.MAX_PAGE + 1)) {
      assertThatThrownBy(() -> queue.workers(Optional.empty(), limit))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("limit");
    }
  }

  @Test
  default void missesADeadWorkerAfterAMinute() {
    QueueNode dying = node();
    closing(dying.queue().work(options("dead", 1), ControlledHandler.create()));
    TaskQueue queue = node().queue();
    awaitWorkers(queue, 1);
    dying.cut();
    clock().advance(WorkerInfo.GONE_AFTER.minusMillis(moment().toMillis()));
    assertThat(allWorkers(queue)).hasSize(1);
    clock().advance(moment());
    assertThat(allWorkers(queue)).isEmpty();

    closing(queue.work(options("next", 1), ControlledHandler.create()));
    assertThat(awaitWorkers(queue, 1))
        .extracting(WorkerInfo::name)
        .containsExactly(Optional.of("next"));
  }

  @Test
  default void seesAgainAWorkerThatWasMissed() {
    QueueNode node = node();
    closing(node.queue().work(options("alive", 1), ControlledHandler.create()));
    TaskQueue queue = node().queue();
    String id = awaitWorkers(queue, 1).getFirst().id();
    clock().advance(WorkerInfo.GONE_AFTER);
    assertThat(awaitWorkers(queue, 1))
        .first()
        .satisfies(
            worker -> {
              assertThat(worker.id()).isEqualTo(id);
              assertThat(worker.seenAt()).isEqualTo(clock().instant());
              assertThat(worker.startedAt())
                  .contains(clock().instant().minus(WorkerInfo.GONE_AFTER));
              assertThat(worker.host()).isPresent();
            });
  }

  @Test
  default void listsLongAndStrangeNamesAsTheyAre() {
    TaskQueue queue = node().queue();
    for (String name : List.of("n".repeat(JobRequest.MAX_NAME_LENGTH), "ein Wörker: \"1\"\n:w:")) {
      Worker worker = closing(queue.work(options(name, 1), ControlledHandler.create()));
      assertThat(awaitWorkers(queue, 1).getFirst().name()).contains(name);
      worker.close();
      assertThat(allWorkers(queue)).isEmpty();
    }
    for (String name : List.of("", " ", "n".repeat(JobRequest.MAX_NAME_LENGTH + 1))) {
      assertThatThrownBy(() -> options(name, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("workerId");
    }
  }
}
