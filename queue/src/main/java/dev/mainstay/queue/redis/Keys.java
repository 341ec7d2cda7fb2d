package dev.mainstay.queue.redis;

import dev.mainstay.queue.JobKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The keys of one queue ({@code queue-keys.js}). */
record Keys(String base) {
  private static final String CHILD = "child ";
  private static final String FAILED = " failed";

  /**
   * @param prefix BullMQ's option of that name
   * @param queue its name in Redis
   */
  static Keys of(String prefix, String queue) {
    return new Keys(prefix + ":" + queue + ":");
  }

  /** The job whose key this is; empty if it has another prefix, or is of another kind. */
  static Optional<JobKey> job(RedisOptions options, String key) {
    String prefix = options.prefix();
    int queue = prefix.length() + 1;
    int colon = key.indexOf(':', queue);
    if (!key.startsWith(prefix + ":") || colon < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new JobKey(options.names().queue(key.substring(queue, colon)), key.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * A failed reason as it is told: that a child has failed is said by the child's queue and id, as
   * on the other engines, where BullMQ writes its key. In Redis the reason stays as it is.
   */
  static String told(RedisOptions options, String reason) {
    if (!reason.startsWith(CHILD) || !reason.endsWith(FAILED)) {
      return reason;
    }
    int end = Math.max(CHILD.length(), reason.length() - FAILED.length());
    return job(options, reason.substring(CHILD.length(), end))
        .map(job -> CHILD + job + FAILED)
        .orElse(reason);
  }

  String key(String name) {
    return base + name;
  }

  List<String> keys(String... names) {
    return Stream.of(names).map(this::key).toList();
  }
}
