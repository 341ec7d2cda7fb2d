package dev.mainstay.queue.runtime;

import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.spi.QueueStore;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the lease keeper waits for: the time of the next renewal, an alarm about a job that runs, or
 * enough finished jobs to remove.
 */
final class Upkeep {
  /** Finished jobs after which the store is pruned without waiting for the next renewal. */
  private static final int PRUNE_EVERY = QueueStore.BATCH;

  private final Map<JobState, Retention> kept = new EnumMap<>(JobState.class);
  private int finished;
  private long alarmAt = System.nanoTime() + RunningJob.NEVER;
  private boolean stopped;

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

  /** Asks for a look at the jobs that run at {@code nanos} of {@link System#nanoTime}. */
  synchronized void alarm(long nanos) {
    if (nanos - alarmAt < 0) {
      alarmAt = nanos;
      notifyAll();
    }
  }

  /**
   * Waits until {@link System#nanoTime} is at {@code renewAt}, for an alarm, or until the store
   * should be pruned.
   *
   * @return false once the worker is stopped
   */
  synchronized boolean await(long renewAt) {
    while (!stopped && finished < PRUNE_EVERY && nanosLeft(renewAt) > 0) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, nanosLeft(renewAt));
      } catch (InterruptedException e) {
        // Nobody but stop() ends this thread: the leases of its worker depend on it.
      }
    }
    return !stopped;
  }

  private long nanosLeft(long renewAt) {
    long now = System.nanoTime();
    return Math.min(renewAt - now, alarmAt - now);
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
