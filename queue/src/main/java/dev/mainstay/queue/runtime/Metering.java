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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a worker has done and not stored yet. Its monitor protects all of it. */
final class Metering {
  /** Minutes that are kept for a store that is away. */
  private static final int MAX_GIVEN_BACK = 24 * 60;

  private final Map<Instant, Minute> minutes = new TreeMap<>();
  private final List<QueueMetrics> givenBack = new ArrayList<>();

  /** Counts that grow without a copy, for this is done with each job. */
  private static final class Minute {
    private long completed;
    private long failed;
    private long failedAttempts;
    private final Times waiting = new Times();
    private final Times running = new Times();

    private QueueMetrics metrics(Instant minute) {
      return new QueueMetrics(
          minute, completed, failed, failedAttempts, waiting.latency(), running.latency());
    }
  }

  private static final class Times {
    private long sum;
    private long greatest;
    private final long[] counts = new long[Latency.BOUNDS.size() + 1];

    private void add(Instant from, Instant to) {
      long millis = Math.max(0, to.toEpochMilli() - from.toEpochMilli());
      sum += millis;
      greatest = Math.max(greatest, millis);
      counts[Latency.bucket(millis)]++;
    }

    private Latency latency() {
      return new Latency(
          Duration.ofMillis(sum),
          Duration.ofMillis(greatest),
          Arrays.stream(counts).boxed().toList());
    }
  }

  /**
   * An attempt has ended, and its end is stored.
   *
   * @return true if there was nothing to store before
   */
  synchronized boolean ended(Settlement settlement, Instant at) {
    Job job = settlement.claimed().job();
    if (settlement.attemptsMade() == job.attemptsMade()) {
      return false; // it was put off, or given back
    }
    boolean first = minutes.isEmpty();
    Minute minute =
        minutes.computeIfAbsent(at.truncatedTo(ChronoUnit.MINUTES), start -> new Minute());
    if (settlement.state() == JobState.COMPLETED) {
      minute.completed++;
    } else {
      minute.failedAttempts++;
      minute.failed += settlement.state() == JobState.FAILED ? 1 : 0;
    }
    Instant start = job.processedAt().orElse(at);
    minute.running.add(start, at);
    if (job.attemptsMade() == 0 && job.stalledCount() == 0 && !settlement.hasChildren()) {
      minute.waiting.add(job.createdAt().plus(job.options().delay()), start);
    }
    return first;
  }

  synchronized List<QueueMetrics> take() {
    List<QueueMetrics> taken = new ArrayList<>(givenBack);
    minutes.forEach((minute, counts) -> taken.add(counts.metrics(minute)));
    minutes.clear();
    givenBack.clear();
    return taken;
  }

  /** What could not be stored. */
  synchronized void giveBack(List<QueueMetrics> taken) {
    Map<Instant, QueueMetrics> merged = new TreeMap<>();
    givenBack.forEach(one -> merged.merge(one.minute(), one, QueueMetrics::plus));
    taken.forEach(one -> merged.merge(one.minute(), one, QueueMetrics::plus));
    givenBack.clear();
    merged.values().stream()
        .skip(Math.max(0, merged.size() - MAX_GIVEN_BACK))
        .forEach(givenBack::add);
  }
}
