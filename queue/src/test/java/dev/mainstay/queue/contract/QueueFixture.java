package dev.mainstay.queue.contract;

import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import java.time.Duration;
import java.time.InstantSource;

/** What the parts of the contract stand on. */
interface QueueFixture {
  Duration DEADLINE = Duration.ofSeconds(20);
  Duration LONG = Duration.ofSeconds(30);

  /** The clock of the nodes that {@link #node()} makes. */
  SettableClock clock();

  /** One more node on this test's store, with {@link #clock()}; closed after the test. */
  QueueNode node();

  QueueNode node(InstantSource clock);

  /** Whether the engine can do this; what it lacks is refused, or done as the feature says. */
  default boolean supports(Feature feature) {
    return true;
  }

  /** Before a limit has ended for so long, it holds surely. */
  default Duration moment() {
    return Duration.ofMillis(1);
  }

  /** The begin of the reason why a job failed that was lost once more than once. */
  default String lostTooOften() {
    return "stalled more than 1 times";
  }

  /** Closed after the test, before the nodes. */
  Worker closing(Worker worker);

  default Worker work(TaskQueue queue, int concurrency, ControlledHandler handler) {
    return closing(queue.work(options("worker", concurrency), handler));
  }

  /** As {@link #work}, with leases that last however far a test turns the clock. */
  default Worker workAllDay(TaskQueue queue, int concurrency, ControlledHandler handler) {
    WorkerOptions options = new WorkerOptions("worker", concurrency, WorkerOptions.MAX_LEASE, 1);
    return closing(queue.work(options, handler));
  }

  default WorkerOptions options(String workerId, int concurrency) {
    return new WorkerOptions(workerId, concurrency, LONG, 1);
  }

  default JobRequest job(String id) {
    return JobRequest.of("test", "{}").with(options -> options.id(id));
  }

  default long count(TaskQueue queue, JobState state) {
    return queue.counts().getOrDefault(state, -1L);
  }

  default Job awaitState(TaskQueue queue, String id, JobState state) {
    return await()
        .atMost(DEADLINE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> queue.find(id).orElseThrow(), found -> found.state() == state);
  }
}
