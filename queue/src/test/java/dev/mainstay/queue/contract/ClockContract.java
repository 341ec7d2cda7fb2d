package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.JobState;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.WorkerOptions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host's clock may be set, by an hour, forward or back. */
interface ClockContract extends QueueFixture {

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  default void goesOnWhenTheClockIsSetByAnHour(int hours) throws Exception {
    TaskQueue queue = node().queue();
    queue.setRateLimit(Optional.of(new RateLimit(2, Duration.ofMillis(200))));
    ControlledHandler handler = ControlledHandler.create();
    closing(queue.work(new WorkerOptions("worker", 2, Duration.ofMillis(600), 10), handler));
    queue.add(job("running"));
    ControlledHandler.Run running = handler.next();

    clock().advance(Duration.ofHours(hours));
    queue.add(job("after"));
    running.succeed("\"first\"");

    // Set forward, the lease is over by the clock, so the job may be given to somebody once more.
    await()
        .atMost(DEADLINE)
        .until(
            () -> {
              clock().advance(Duration.ofMillis(50));
              if (handler.waiting() > 0) {
                handler.next().succeed("\"again\"");
              }
              return count(queue, JobState.COMPLETED) == 2;
            });
    assertThat(count(queue, JobState.ACTIVE)).isZero();
  }
}
