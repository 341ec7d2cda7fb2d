package dev.mainstay.server.queue;

import dev.mainstay.queue.redis.RedisQueues;
import java.util.Set;

/**
 * The queues in Redis that have plain names, whoever has made them.
 *
 * @param organizationId whose they are
 */
public record ExistingQueues(String organizationId, RedisQueues queues) {

  boolean exists(QueueName queue) {
    return organizationId.equals(queue.organizationId()) && queues.exists(queue.name());
  }

  /** At most {@code limit}; none that has a slash, and so none of another organization. */
  Set<String> names(int limit) {
    return queues.names(QueueName::isValid, limit);
  }
}
