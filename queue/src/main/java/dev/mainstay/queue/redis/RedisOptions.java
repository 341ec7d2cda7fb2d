package dev.mainstay.queue.redis;

import dev.mainstay.queue.Limits;

/**
 * How a queue lies in Redis; the same for all that share it.
 *
 * @param prefix BullMQ's {@code prefix}: the begin of the keys, 1 to 255 characters. In a Redis
 *     cluster it needs braces, such as <code>{bull}</code>, so that all keys of a queue lie
 *     together.
 * @param maxEvents how many events of the queue are kept, about; each has the return value of its
 *     job. At least 1.
 * @param metricsMinutes for how many minutes the completed and failed jobs are counted, for
 *     BullMQ's {@code getMetrics}; 0 for none
 * @param names what queues are called in Redis
 */
public record RedisOptions(String prefix, int maxEvents, int metricsMinutes, RedisNames names) {

  /** BullMQ's defaults, and metrics of two weeks. */
  public static final RedisOptions DEFAULT =
      new RedisOptions("bull", 10_000, 14 * 24 * 60, RedisNames.SAME);

  private static final int MAX_METRICS_MINUTES = 366 * 24 * 60;

  /**
   * @throws IllegalArgumentException a value is out of range
   */
  public RedisOptions {
    Limits.name("prefix", prefix);
    Limits.range("maxEvents", maxEvents, 1, Integer.MAX_VALUE);
    Limits.range("metricsMinutes", metricsMinutes, 0, MAX_METRICS_MINUTES);
  }

  public RedisOptions withPrefix(String value) {
    return new RedisOptions(value, maxEvents, metricsMinutes, names);
  }

  public RedisOptions withMaxEvents(int value) {
    return new RedisOptions(prefix, value, metricsMinutes, names);
  }

  public RedisOptions withMetricsMinutes(int value) {
    return new RedisOptions(prefix, maxEvents, value, names);
  }

  public RedisOptions withNames(RedisNames value) {
    return new RedisOptions(prefix, maxEvents, metricsMinutes, value);
  }
}
