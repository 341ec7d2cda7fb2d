package dev.mainstay.queue.redis;

import java.util.List;
import java.util.stream.Stream;

/** The keys of one queue ({@code queue-keys.js}). */
record Keys(String base) {

  /**
   * @param prefix BullMQ's option of that name
   */
  static Keys of(String prefix, String queue) {
    return new Keys(prefix + ":" + queue + ":");
  }

  String key(String name) {
    return base + name;
  }

  List<String> keys(String... names) {
    return Stream.of(names).map(this::key).toList();
  }
}
