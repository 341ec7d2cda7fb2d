package dev.mainstay.queue.redis;

import dev.mainstay.queue.contract.Feature;
import dev.mainstay.queue.contract.LostAnswerContract;
import dev.mainstay.queue.contract.QueueNode;
import dev.mainstay.queue.contract.TaskQueueContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

final class RedisTaskQueueTest extends TaskQueueContract implements LostAnswerContract {
  private final String prefix = "test-" + UUID.randomUUID();
  private final ServerTime time = new ServerTime(prefix);
  private final List<LossyProxy> proxies = new ArrayList<>();

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

  @Override
  public LossyNode lossyNode(InstantSource source) {
    try {
      // Only the begin of a lock names the worker so.
      LossyProxy proxy = new LossyProxy(RedisServerProcess.shared().port(), "mainstay:worker:");
      proxies.add(proxy);
      return new LossyRedisNode(adopt(new RedisNode(proxy.uri(), prefix, source)), proxy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record LossyRedisNode(QueueNode node, LossyProxy proxy) implements LossyNode {
    @Override
    public void loseWhen(BooleanSupplier happened) {
      proxy.loseWhen(happened);
    }

    @Override
    public int lost() {
      return proxy.lost();
    }
  }

  @AfterEach
  void forget() throws IOException {
    for (LossyProxy proxy : proxies) {
      proxy.close();
    }
    time.close();
  }
}
