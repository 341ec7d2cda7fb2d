package dev.mainstay.queue.sql;

import java.util.concurrent.TimeUnit;

/** What the lease keeper waits for: the time of the next renewal, or enough jobs to remove. */
final class Upkeep {
  /** Finished jobs after which the table is pruned without waiting for the next renewal. */
  private static final int PRUNE_EVERY = LeaseTable.BATCH;

  /** Starts at one: what others left is pruned too. */
  private int finished = 1;

  private boolean stopped;

  /** Jobs have finished. */
  synchronized void finished(int count) {
    finished += count;
    if (finished >= PRUNE_EVERY) {
      notifyAll();
    }
  }

  /**
   * Waits until {@link System#nanoTime} is at {@code renewAt}, or until the table should be pruned.
   *
   * @return false once the worker is stopped
   */
  synchronized boolean await(long renewAt) {
    while (!stopped && finished < PRUNE_EVERY && renewAt - System.nanoTime() > 0) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, renewAt - System.nanoTime());
      } catch (InterruptedException e) {
        // Nobody but stop() ends this thread: the leases of its worker depend on it.
      }
    }
    return !stopped;
  }

  /** True if jobs have finished since it was last asked. */
  synchronized boolean takePrune() {
    boolean wanted = finished > 0;
    finished = 0;
    return wanted;
  }

  /** There is more to prune than one batch. */
  synchronized void pruneAgain() {
    finished = PRUNE_EVERY;
  }

  synchronized void stop() {
    stopped = true;
    notifyAll();
  }
}
