package dev.mainstay.queue.redis;

import dev.mainstay.queue.runtime.StoreTaskQueue;
import dev.mainstay.queue.spi.QueueStore;
import java.time.InstantSource;

/**
 * A queue in Redis that is BullMQ's, version 6.7.0: by its keys, its scripts and its events.
 * Workers, producers and tools of the npm package share it. What is acknowledged is as durable as
 * Redis is told to be. Groups and limits of units are refused with {@link
 * dev.mainstay.queue.UnsupportedFeatureException}.
 */
public final class RedisTaskQueue extends StoreTaskQueue {

  /** With {@link RedisOptions#DEFAULT}. */
  public RedisTaskQueue(String name, RedisConnections connections, InstantSource clock) {
    this(name, connections, clock, RedisOptions.DEFAULT);
  }

  /**
   * @param name without a colon
   * @param clock decides when jobs are due; hosts that share a queue need clocks that agree.
   *     Leases, rate limits and the times of deduplication are kept by the clock of Redis.
   */
  public RedisTaskQueue(
      String name, RedisConnections connections, InstantSource clock, RedisOptions options) {
    super(store(name, connections, options), clock);
  }

  /** The queue without what is above it, for hosts that put something else there. */
  public static QueueStore store(String name, RedisConnections connections, RedisOptions options) {
    return new RedisStore(name, connections, options);
  }
}
