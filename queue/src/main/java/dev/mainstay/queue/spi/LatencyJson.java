package dev.mainstay.queue.spi;

import dev.mainstay.queue.Latency;
import dev.mainstay.queue.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A {@link Latency} as a JSON array: the sum and the greatest in milliseconds, and the counts. */
public final class LatencyJson {
  private LatencyJson() {}

  public static String write(Latency latency) {
    List<Long> numbers = new ArrayList<>();
    numbers.add(latency.sum().toMillis());
    numbers.add(latency.greatest().toMillis());
    numbers.addAll(latency.counts());
    return Json.write(numbers);
  }

  /**
   * @throws IllegalArgumentException it is not such an array
   */
  public static Latency read(String text) {
    List<Long> numbers = new ArrayList<>();
    if (Json.read(text) instanceof List<?> list) {
      for (Object one : list) {
        numbers.add(one instanceof Long number ? number : 0L);
      }
    }
    if (numbers.size() < 2) {
      throw new IllegalArgumentException("It is not a latency");
    }
    return new Latency(
        Duration.ofMillis(numbers.get(0)),
        Duration.ofMillis(numbers.get(1)),
        numbers.subList(2, numbers.size()));
  }
}
