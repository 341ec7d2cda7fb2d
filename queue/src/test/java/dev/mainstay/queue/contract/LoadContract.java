package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many jobs, and what may not happen among them. */
interface LoadContract extends QueueFixture {

  @Test
  default void runsEveryJobOnceAndNeverMoreAtOnceThanAllowed() {
    int jobs = 5_000;
    int concurrency = 10;
    QueueNode node = node();
    TaskQueue queue = node.queue();
    queue.addBulk(jobs(jobs));
    Map<String, Integer> runs = new ConcurrentHashMap<>();
    AtomicInteger active = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();

    closing(
        queue.work(
            options("worker", concurrency),
            (job, context) -> {
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
    node.queue().addBulk(jobs(jobs));
    Map<String, Integer> runs = new ConcurrentHashMap<>();
    for (int i = 0; i < 3; i++) {
      closing(
          node()
              .queue()
              .work(
                  options("worker-" + i, 4),
                  (job, context) -> {
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
    int jobs = Retention.DEFAULT.count() + 1_200;
    QueueNode node = node();
    TaskQueue queue = node.queue();
    node.queue().addBulk(jobs(jobs));

    Worker worker = closing(queue.work(options("worker", 1), (job, context) -> ""));
    awaitState(queue, "job-" + (jobs - 1), JobState.COMPLETED);
    // What is left between two renewals goes as the worker ends.
    worker.close();

    assertThat(count(queue, JobState.COMPLETED)).isEqualTo(Retention.DEFAULT.count());
    assertThat(queue.find("job-0")).isEmpty();
    assertThat(queue.find("job-" + (jobs - 1))).isPresent();
  }

  private List<JobRequest> jobs(int count) {
    return IntStream.range(0, count).mapToObj(i -> job("job-" + i)).toList();
  }
}
