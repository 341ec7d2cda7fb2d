package dev.mainstay.queue.spi;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.Page;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Pages of children, in the order of queue and id. */
public final class Dependencies {
  private Dependencies() {}

  /**
   * @param found up to one more than the limit
   */
  public static Page<Dependency> page(List<Dependency> found, int limit) {
    return found.size() <= limit
        ? new Page<>(found, Optional.empty())
        : new Page<>(
            List.copyOf(found.subList(0, limit)), Optional.of(cursor(found.get(limit - 1).job())));
  }

  private static String cursor(JobKey job) {
    return encode(job.queue()) + "." + encode(job.id());
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The child after which a page begins.
   *
   * @throws IllegalArgumentException it is not a cursor of such a page
   */
  public static JobKey key(String cursor) {
    if (!cursor.matches("[\\w-]+\\.[\\w-]+")) {
      throw new IllegalArgumentException("The cursor is not one of this list");
    }
    String[] parts = cursor.split("\\.", -1);
    return new JobKey(decode(parts[0]), decode(parts[1]));
  }

  private static String decode(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }
}
