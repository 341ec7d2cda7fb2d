package dev.mainstay.server.queue;

import dev.mainstay.queue.redis.RedisNames;
import java.util.Optional;

/**
 * What the server's queues are called in Redis. One organization has the plain names that BullMQ's
 * clients know; those of all others, and the server's own, have a slash, which no plain name may
 * have: so none of them can be reached by a plain name.
 *
 * @param apart false as instances from before plain names have it: every queue is called as the
 *     server calls it
 * @param organization whose queues have plain names
 */
public record QueueNaming(boolean apart, Optional<String> organization) implements RedisNames {
  static final QueueNaming QUALIFIED = new QueueNaming(false, Optional.empty());

  /** Begins the names of the server's own queues; an organization's id is a UUID. */
  private static final String OWN = "mainstay/";

  static QueueNaming plain(Optional<String> organization) {
    return new QueueNaming(true, organization);
  }

  @Override
  public String inRedis(String queue) {
    if (!apart) {
      return queue;
    }
    int slash = queue.indexOf('/');
    if (slash < 0) {
      return OWN + queue;
    }
    return organization.filter(queue.substring(0, slash)::equals).isPresent()
        ? queue.substring(slash + 1)
        : queue;
  }

  @Override
  public String queue(String inRedis) {
    if (!apart) {
      return inRedis;
    }
    if (inRedis.startsWith(OWN)) {
      return inRedis.substring(OWN.length());
    }
    return inRedis.contains("/") ? inRedis : organization.orElse("") + "/" + inRedis;
  }
}
