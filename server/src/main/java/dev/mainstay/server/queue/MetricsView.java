package dev.mainstay.server.queue;

import dev.mainstay.queue.Latency;
import dev.mainstay.queue.QueueMetrics;
import java.time.Instant;
import java.util.List;

/**
 * What the workers of a queue have done.
 *
 * @param bounds upper bounds of the buckets of all latencies, in milliseconds; one more bucket
 *     counts what took longer
 * @param items minutes in which something has ended
 */
public record MetricsView(List<Integer> bounds, List<MinuteView> items) {

  /**
   * What has ended within a minute.
   *
   * @param failed jobs that have failed for good
   * @param failedAttempts attempts that have failed, the last ones included
   * @param waiting how long jobs had waited as their first attempt began
   * @param running how long attempts have run
   */
  public record MinuteView(
      Instant minute,
      long completed,
      long failed,
      long failedAttempts,
      LatencyView waiting,
      LatencyView running) {}

  /** How long something has taken, in milliseconds. */
  public record LatencyView(
      long count, long sum, long max, long p50, long p95, List<Long> buckets) {

    private static LatencyView of(Latency latency) {
      return new LatencyView(
          latency.count(),
          latency.sum().toMillis(),
          latency.greatest().toMillis(),
          latency.percentile(0.5).toMillis(),
          latency.percentile(0.95).toMillis(),
          latency.counts());
    }
  }

  static MetricsView of(List<QueueMetrics> metrics) {
    return new MetricsView(
        Latency.BOUNDS,
        metrics.stream()
            .map(
                one ->
                    new MinuteView(
                        one.minute(),
                        one.completed(),
                        one.failed(),
                        one.failedAttempts(),
                        LatencyView.of(one.waiting()),
                        LatencyView.of(one.running())))
            .toList());
  }
}
