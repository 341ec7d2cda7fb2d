package dev.mainstay.queue.redis;

import dev.mainstay.queue.Latency;
import dev.mainstay.queue.QueueMetrics;
import dev.mainstay.queue.spi.QueueStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What workers of ours have done by the minute, beside what BullMQ counts. */
final class Metrics {
  private static final int COUNTS = Latency.BOUNDS.size() + 1;

  /** Three counts, then two latencies: a sum, the greatest, and counts. */
  private static final int WAITING = 3;

  private static final int RUNNING = WAITING + 2 + COUNTS;
  private static final int NUMBERS = RUNNING + 2 + COUNTS;

  /** Places, from 1, of what is not added. */
  private static final String GREATEST = ",%d,%d,".formatted(WAITING + 2, RUNNING + 2);

  private final QueueLink link;

  Metrics(QueueLink link) {
    this.link = link;
  }

  void add(List<QueueMetrics> more) {
    List<Object> minutes = new ArrayList<>();
    for (QueueMetrics one : more) {
      minutes.add(one.minute().toEpochMilli());
      minutes.add(write(one));
    }
    link.run(Script.ADD_METRICS, QueueMetrics.KEPT.toMillis(), GREATEST, minutes);
  }

  private static String write(QueueMetrics one) {
    return Stream.of(
            Stream.of(one.completed(), one.failed(), one.failedAttempts()),
            numbers(one.waiting()),
            numbers(one.running()))
        .flatMap(numbers -> numbers)
        .map(String::valueOf)
        .collect(Collectors.joining(" "));
  }

  private static Stream<Long> numbers(Latency latency) {
    return Stream.concat(
        Stream.of(latency.sum().toMillis(), latency.greatest().toMillis()),
        latency.counts().stream());
  }

  List<QueueMetrics> between(Instant from, Instant to) {
    List<QueueMetrics> metrics = new ArrayList<>();
    for (Object entry :
        Reply.list(
            link.run(
                Script.METRICS, from.toEpochMilli(), to.toEpochMilli(), QueueStore.MAX_MINUTES))) {
      List<@Nullable Object> one = Reply.list(entry);
      List<Long> numbers =
          Arrays.stream(Reply.text(one.get(1)).split(" ")).map(Long::valueOf).toList();
      if (numbers.size() == NUMBERS) {
        metrics.add(
            new QueueMetrics(
                Instant.ofEpochMilli(Reply.number(one.get(0))),
                numbers.get(0),
                numbers.get(1),
                numbers.get(2),
                latency(numbers.subList(WAITING, RUNNING)),
                latency(numbers.subList(RUNNING, NUMBERS))));
      }
    }
    return metrics;
  }

  private static Latency latency(List<Long> numbers) {
    return new Latency(
        Duration.ofMillis(numbers.get(0)),
        Duration.ofMillis(numbers.get(1)),
        numbers.subList(2, numbers.size()));
  }
}
