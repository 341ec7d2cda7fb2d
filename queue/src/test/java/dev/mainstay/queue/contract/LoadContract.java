package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.WorkerOptions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many jobs, and what may not happen among them. */
interface LoadContract extends QueueFixture {

  @Test
  default void runsEveryJobOnceAndNeverMoreAtOnceThanAllowed() {
    int jobs = 5_000;
    int concurrency = 10;
    QueueNode node = node();
    TaskQueue queue = node.queue();
    for (int start = 0; start < jobs; start += 500) {
      int from = start;
      node.transactions()
          .write(
              connection -> {
                for (int i = from; i < from + 500; i++) {
                  queue.add(connection, job("job-" + i));
                }
                return from;
              });
    }
    Map<String, Integer> runs = new ConcurrentHashMap<>();
    AtomicInteger active = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();

    closing(
        queue.work(
            options("worker", concurrency),
            (job, lease) -> {
              most.accumulateAndGet(active.incrementAndGet(), Math::max);
              runs.merge(job.id(), 1, Integer::sum);
              active.decrementAndGet();
              return "";
            }));
    await()
        .atMost(DEADLINE.multipliedBy(3))
        .until(() -> count(queue, JobState.WAITING) + count(queue, JobState.ACTIVE) == 0);

    assertThat(runs).hasSize(jobs).allSatisfy((id, count) -> assertThat(count).isOne());
    assertThat(most.get()).isBetween(1, concurrency);
    assertThat(queue.counts()).containsEntry(JobState.FAILED, 0L);
  }

  @Test
  default void sharesTheJobsAmongNodesEachRunOnce() {
    int jobs = 1_000;
    QueueNode node = node();
    node.transactions()
        .write(
            connection -> {
              for (int i = 0; i < jobs; i++) {
                node.queue().add(connection, job("job-" + i));
              }
              return jobs;
            });
    Map<String, Integer> runs = new ConcurrentHashMap<>();
    for (int i = 0; i < 3; i++) {
      closing(
          node()
              .queue()
              .work(
                  options("worker-" + i, 4),
                  (job, lease) -> {
                    runs.merge(job.id(), 1, Integer::sum);
                    return "";
                  }));
    }

    await()
        .atMost(DEADLINE)
        .until(() -> runs.size() == jobs && count(node.queue(), JobState.ACTIVE) == 0);

    assertThat(runs).hasSize(jobs).allSatisfy((id, count) -> assertThat(count).isOne());
  }

  @Test
  default void keepsOnlyTheNewestFinishedJobs() throws Exception {
    int jobs = TaskQueue.KEEP_COMPLETED + 1_200;
    QueueNode node = node();
    TaskQueue queue = node.queue();
    node.transactions()
        .write(
            connection -> {
              for (int i = 0; i < jobs; i++) {
                queue.add(connection, job("job-" + i));
              }
              return jobs;
            });

    closing(queue.work(options("worker", 1), (job, lease) -> ""));
    awaitState(queue, "job-" + (jobs - 1), JobState.COMPLETED);
    // One more worker prunes what the first left behind between two renewals.
    closing(queue.work(new WorkerOptions("pruner", 1, LeaseContract.SHORT, 1), (job, lease) -> ""));

    await()
        .atMost(DEADLINE)
        .until(() -> count(queue, JobState.COMPLETED) == TaskQueue.KEEP_COMPLETED);
    assertThat(queue.find("job-0")).isEmpty();
    assertThat(queue.find("job-" + (jobs - 1))).isPresent();
  }
}
