package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Workers of other processes hear at once of what there is to do, long before they would look. */
interface SignalContract extends QueueFixture {
  int ROUNDS = 10;

  /** Without signals a worker looks every two seconds, so the rounds would take twenty. */
  Duration MOST = Duration.ofSeconds(8);

  @Test
  default void workersOfOtherNodesHearOfNewJobs() {
    TaskQueue here = node().queue();
    TaskQueue there = node().queue();
    closing(there.work(options("there", 1), (job, context) -> "1"));
    long start = System.nanoTime();
    for (int i = 0; i < ROUNDS; i++) {
      here.add(job("job" + i));
      awaitState(here, "job" + i, JobState.COMPLETED);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(MOST);
  }

  @Test
  default void workersOfOtherNodesHearOfPromotedAndRetriedJobs() {
    TaskQueue here = node().queue();
    TaskQueue there = node().queue();
    closing(there.work(options("there", 1), (job, context) -> "1"));
    here.add(job("job").with(options -> options.delay(Duration.ofHours(1))));
    long start = System.nanoTime();
    here.promote("job");
    awaitState(here, "job", JobState.COMPLETED);
    for (int i = 1; i < ROUNDS; i++) {
      int attempts = i + 1;
      here.retry("job");
      await()
          .atMost(DEADLINE)
          .pollInterval(Duration.ofMillis(5))
          .until(
              () -> here.find("job").orElseThrow(),
              found -> found.attemptsMade() == attempts && found.finishedAt().isPresent());
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(MOST);
  }
}
