package dev.mainstay.queue.runtime;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Latency;
import dev.mainstay.queue.QueueMetrics;
import dev.mainstay.queue.spi.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a worker has done and not stored yet. Its monitor protects all of it. */
final class Metering {
  private final Map<Instant, QueueMetrics> minutes = new TreeMap<>();

  /**
   * An attempt has ended, and its end is stored.
   *
   * @return true if there was nothing to store before
   */
  synchronized boolean ended(Settlement settlement, Instant at) {
    Job job = settlement.claimed().job();
    boolean first = minutes.isEmpty();
    if (settlement.attemptsMade() == job.attemptsMade()) {
      return false; // it was put off, or given back
    }
    Instant start = job.processedAt().orElse(at);
    boolean completed = settlement.state() == JobState.COMPLETED;
    QueueMetrics one =
        new QueueMetrics(
            at.truncatedTo(ChronoUnit.MINUTES),
            completed ? 1 : 0,
            settlement.state() == JobState.FAILED ? 1 : 0,
            completed ? 0 : 1,
            waiting(settlement, start),
            Latency.NONE.plus(between(start, at)));
    minutes.merge(one.minute(), one, QueueMetrics::plus);
    return first;
  }

  private static Latency waiting(Settlement settlement, Instant start) {
    Job job = settlement.claimed().job();
    boolean again = job.attemptsMade() > 0 || job.stalledCount() > 0;
    return again || settlement.hasChildren()
        ? Latency.NONE
        : Latency.NONE.plus(between(job.createdAt().plus(job.options().delay()), start));
  }

  private static Duration between(Instant from, Instant to) {
    Duration time = Duration.between(from, to);
    return time.isNegative() ? Duration.ZERO : time;
  }

  synchronized List<QueueMetrics> take() {
    List<QueueMetrics> taken = new ArrayList<>(minutes.values());
    minutes.clear();
    return taken;
  }

  /** What could not be stored. */
  synchronized void giveBack(List<QueueMetrics> taken) {
    taken.forEach(one -> minutes.merge(one.minute(), one, QueueMetrics::plus));
  }
}
