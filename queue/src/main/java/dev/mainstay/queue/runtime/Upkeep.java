package dev.mainstay.queue.runtime;

import dev.mainstay.queue.JobState;
import dev.mainstay.queue.QueueMetrics;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.spi.QueueStore;
import dev.mainstay.queue.spi.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the lease keeper waits for: the time of the next renewal or announcement, an alarm about a
 * job that runs, or enough finished jobs to remove.
 */
final class Upkeep {
  /** Finished jobs after which the store is pruned without waiting for the next renewal. */
  private static final int PRUNE_EVERY = QueueStore.BATCH;

  /** Attempts that have ended, each with some events, after which old events are removed. */
  private static final int PRUNE_EVENTS_EVERY = 1000;

  private static final Duration METER_EVERY = Duration.ofSeconds(1);

  private final Map<JobState, Retention> kept = new EnumMap<>(JobState.class);
  private int finished;
  private int ended;
  private long alarmAt = System.nanoTime() + RunningJob.NEVER;
  private boolean stopped;

  /** What there is to store of what the worker has done. */
  private final Metering metering = new Metering();

  private long meterAt = System.nanoTime() + RunningJob.NEVER;

  /** A job has finished. */
  synchronized void finished(JobState state, Retention keeps) {
    if (keeps.count() == 0) {
      return; // it removed itself
    }
    kept.merge(state, keeps, Retention::and);
    finished++;
    if (finished >= PRUNE_EVERY) {
      notifyAll();
    }
  }

  /** An attempt has ended, and its end is stored. */
  void ended(Settlement settlement, Instant at) {
    boolean first = metering.ended(settlement, at);
    synchronized (this) {
      ended++;
      if (first) {
        meterAt = System.nanoTime() + METER_EVERY.toNanos();
      }
      if (first || ended >= PRUNE_EVENTS_EVERY) {
        notifyAll();
      }
    }
  }

  /**
   * True if events should be removed, for enough jobs have ended since it was last asked.
   *
   * @param all true also if some have
   */
  synchronized boolean takeEventPrune(boolean all) {
    if (ended == 0 || (!all && ended < PRUNE_EVENTS_EVERY)) {
      return false;
    }
    ended = 0;
    return true;
  }

  /**
   * What the worker has done since it was last asked, if that is a second ago.
   *
   * @param all true to get it at once
   */
  List<QueueMetrics> takeMetrics(boolean all) {
    synchronized (this) {
      if (!all && meterAt - System.nanoTime() > 0) {
        return List.of();
      }
      meterAt = System.nanoTime() + RunningJob.NEVER;
    }
    return metering.take();
  }

  /** They could not be stored, and are tried again. */
  void giveBack(List<QueueMetrics> metrics) {
    metering.giveBack(metrics);
    synchronized (this) {
      meterAt = System.nanoTime() + METER_EVERY.toNanos();
    }
  }

  /** Asks for a look at the jobs that run at {@code nanos} of {@link System#nanoTime}. */
  synchronized void alarm(long nanos) {
    if (nanos - alarmAt < 0) {
      alarmAt = nanos;
      notifyAll();
    }
  }

  /**
   * Waits until {@link System#nanoTime} is at {@code next}, for an alarm, or until the store should
   * be pruned.
   *
   * @return false once the worker is stopped
   */
  synchronized boolean await(long next) {
    while (!stopped
        && finished < PRUNE_EVERY
        && ended < PRUNE_EVENTS_EVERY
        && nanosLeft(next) > 0) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, nanosLeft(next));
      } catch (InterruptedException e) {
        // Nobody but stop() ends this thread: the leases of its worker depend on it.
      }
    }
    return !stopped;
  }

  private long nanosLeft(long next) {
    long now = System.nanoTime();
    return Math.min(next - now, Math.min(alarmAt - now, meterAt - now));
  }

  /** True if the alarm is due; it is off then. */
  synchronized boolean takeAlarm() {
    long now = System.nanoTime();
    if (alarmAt - now > 0) {
      return false;
    }
    alarmAt = now + RunningJob.NEVER;
    return true;
  }

  /**
   * What to keep of the jobs that have finished since it was last asked.
   *
   * @param all true to get it though they are few
   */
  synchronized Map<JobState, Retention> takePrune(boolean all) {
    Map<JobState, Retention> taken = new EnumMap<>(JobState.class);
    if (!all && finished < PRUNE_EVERY) {
      return taken;
    }
    taken.putAll(kept);
    kept.clear();
    finished = 0;
    return taken;
  }

  /** There is more to prune than one batch. */
  synchronized void pruneAgain(JobState state, Retention keeps) {
    kept.merge(state, keeps, Retention::and);
    finished = PRUNE_EVERY;
  }

  synchronized void stop() {
    stopped = true;
    notifyAll();
  }
}
