package dev.mainstay.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.runtime.StoreTaskQueue;
import dev.mainstay.queue.spi.ClaimSource;
import dev.mainstay.queue.spi.Exchange;
import dev.mainstay.queue.spi.Turn;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * When a worker that has taken nothing looks again: no later than the next delayed job is due,
 * which waits from then on whether or not the queue lets it be taken.
 */
class RedisOutlookTest {
  static Stream<Named<Consumer<TaskQueue>>> states() {
    return Stream.of(
        Named.of("open", queue -> {}),
        Named.of("paused", TaskQueue::pause),
        Named.of("as many active as it may have", queue -> queue.setConcurrency(OptionalInt.of(1))),
        Named.of(
            "as many started as it may start",
            queue -> queue.setRateLimit(Optional.of(new RateLimit(1, Duration.ofHours(3))))));
  }

  @ParameterizedTest
  @MethodSource("states")
  void isNoLaterThanTheNextDelayedJob(Consumer<TaskQueue> state) {
    try (RedisConnections connections = RedisConnections.open(RedisServerProcess.shared().uri())) {
      RedisOptions options = RedisOptions.DEFAULT.withPrefix("test-" + UUID.randomUUID());
      RedisStore store = new RedisStore("jobs", connections, options);
      TaskQueue queue = new StoreTaskQueue(store, InstantSource.system());
      queue.add(JobRequest.of("test", "{}"));
      assertThat(exchange(store).claimed()).hasSize(1);
      Instant due =
          queue
              .add(JobRequest.of("test", "{}").with(with -> with.delay(Duration.ofHours(1))))
              .runAt()
              .orElseThrow();
      state.accept(queue);

      assertThat(exchange(store).outlook().nextDue()).isEqualTo(due.toEpochMilli());
    }
  }

  private static Exchange exchange(RedisStore store) {
    Instant now = Instant.now();
    return store.exchange(
        new Turn(
            List.of(),
            "worker",
            1,
            ClaimSource.NO_GROUP,
            1,
            now,
            now.plusSeconds(60),
            InstantSource.system()));
  }
}
