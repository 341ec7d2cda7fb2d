package dev.mainstay.queue.redis;

import dev.mainstay.queue.JobKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The keys of one queue ({@code queue-keys.js}). */
record Keys(String base) {

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

  String key(String name) {
    return base + name;
  }

  List<String> keys(String... names) {
    return Stream.of(names).map(this::key).toList();
  }
}
