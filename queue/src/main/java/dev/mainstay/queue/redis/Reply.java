package dev.mainstay.queue.redis;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a script answered: null, a {@code Long}, bytes, or a list of such. */
final class Reply {
  private Reply() {}

  static String text(@Nullable Object reply) {
    return reply instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : String.valueOf(reply);
  }

  static long number(@Nullable Object reply) {
    return reply instanceof Long number ? number : Long.parseLong(text(reply));
  }

  @SuppressWarnings("unchecked") // what Lettuce puts into a list is an object or null
  static List<@Nullable Object> list(@Nullable Object reply) {
    if (reply instanceof List<?> list) {
      return (List<@Nullable Object>) list;
    }
    throw new IllegalStateException("Redis answered %s instead of a list".formatted(text(reply)));
  }

  static List<String> texts(@Nullable Object reply) {
    return list(reply).stream().map(Reply::text).toList();
  }

  /** Names and values in turn. */
  static Map<String, String> hash(@Nullable Object reply) {
    List<@Nullable Object> list = list(reply);
    Map<String, String> hash = LinkedHashMap.newLinkedHashMap(list.size() / 2);
    for (int i = 0; i < list.size(); i += 2) {
      hash.put(text(list.get(i)), text(list.get(i + 1)));
    }
    return hash;
  }
}
