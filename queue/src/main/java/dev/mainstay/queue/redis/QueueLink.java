package dev.mainstay.queue.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One queue, by the connections that reach it.
 *
 * @param name what it is called in Redis
 */
record QueueLink(RedisConnections connections, String name, Keys keys, RedisOptions options) {

  /**
   * @throws IllegalArgumentException the name of the queue has a colon
   */
  static QueueLink of(String queue, RedisConnections connections, RedisOptions options) {
    String name = options.names().inRedis(queue);
    if (name.contains(":")) {
      throw new IllegalArgumentException("On Redis the name of a queue has no colon");
    }
    return new QueueLink(connections, name, Keys.of(options.prefix(), name), options);
  }

  /** A call of one of our scripts, whose only key is the prefix of all. */
  Call call(Script script, Object... arguments) {
    return new Call(script, List.of(keys.base()), Call.flat(arguments));
  }

  @Nullable Object run(Script script, Object... arguments) {
    return connections.run(call(script, arguments));
  }

  /** Runs a script of BullMQ's on these keys of the queue. */
  @Nullable Object runOn(List<String> on, Script script, Object... arguments) {
    return connections.run(new Call(script, on, List.of(arguments)));
  }

  /** What scripts take for the data points of metrics: '' is none. */
  Object maxMetricsSize() {
    return options.metricsMinutes() == 0 ? "" : options.metricsMinutes();
  }
}
