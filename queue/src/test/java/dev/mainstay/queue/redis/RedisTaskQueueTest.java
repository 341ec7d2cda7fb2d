package dev.mainstay.queue.redis;

import dev.mainstay.queue.contract.Feature;
import dev.mainstay.queue.contract.QueueNode;
import dev.mainstay.queue.contract.TaskQueueContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

final class RedisTaskQueueTest extends TaskQueueContract {
  private final String prefix = "test-" + UUID.randomUUID();
  private final ServerTime time = new ServerTime(prefix);

  RedisTaskQueueTest() {
    clock().onAdvance(time::advance);
  }

  @Override
  protected QueueNode open(InstantSource source) {
    return new RedisNode(prefix, source);
  }

  @Override
  public boolean supports(Feature feature) {
    return switch (feature) {
      case GROUPS,
          UNIT_LIMITS,
          KEPT_PLACES,
          OWN_EVENTS,
          NEEDED_CHILDREN,
          LIFO_OF_EVERY_PRIORITY,
          SLIDING_RATES ->
          false;
    };
  }

  /** While a test runs the server's clock goes on. */
  @Override
  public Duration moment() {
    return Duration.ofSeconds(10);
  }

  /** In BullMQ's words. */
  @Override
  public String lostTooOften() {
    return "job stalled more than allowable limit";
  }

  @AfterEach
  void forget() {
    time.close();
  }
}
