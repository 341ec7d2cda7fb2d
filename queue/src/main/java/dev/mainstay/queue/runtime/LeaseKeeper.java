package dev.mainstay.queue.runtime;

import dev.mainstay.queue.JobState;
import dev.mainstay.queue.QueueMetrics;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.QueueStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a worker that renews its leases, all at once each third of a lease. In between
 * it interrupts the handlers of jobs that are canceled or run for too long, removes finished jobs
 * that are not kept, and tells others that the worker is there.
 */
final class LeaseKeeper implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

  private final Slots slots;
  private final Upkeep upkeep;
  private final Announcer announcer;
  private final QueueStore store;
  private final InstantSource clock;
  private final String workerId;
  private final Duration lease;
  private final String label;

  LeaseKeeper(
      Slots slots,
      Upkeep upkeep,
      Announcer announcer,
      QueueStore store,
      InstantSource clock,
      WorkerOptions options,
      String label) {
    this.slots = slots;
    this.upkeep = upkeep;
    this.announcer = announcer;
    this.store = store;
    this.clock = clock;
    this.workerId = options.workerId();
    this.lease = options.lease();
    this.label = label;
  }

  @Override
  public void run() {
    long renewAt = System.nanoTime() + lease.toNanos() / 3;
    announcer.announceIfDue();
    while (upkeep.await(earlier(renewAt, announcer.at()))) {
      try {
        renewAt = round(renewAt);
      } catch (Throwable e) {
        // Nothing may end this thread but its worker: all jobs would be lost with it.
        LOG.error("{}: what keeps the worker going failed; trying again", label, e);
        renewAt = System.nanoTime() + lease.toNanos() / 15;
        upkeep.alarm(renewAt);
      }
    }
    prune(true);
    meter(true);
  }

  /** Returns {@link System#nanoTime} at which the leases are to be renewed next. */
  private long round(long renewAt) {
    boolean renewing = renewAt - System.nanoTime() <= 0;
    long next = renewAt;
    if (renewing) {
      // After a failure there is time for several more tries before the lease ends.
      long wait = renew() ? lease.toNanos() / 3 : lease.toNanos() / 15;
      next = System.nanoTime() + wait;
    }
    if (upkeep.takeAlarm()) {
      watch();
      upkeep.alarm(slots.nextAlarm());
    }
    prune(renewing);
    meter(false);
    announcer.announceIfDue();
    return next;
  }

  private static long earlier(long one, long other) {
    return one - other < 0 ? one : other;
  }

  private boolean renew() {
    boolean done = true;
    try {
      List<RunningJob> jobs = slots.renewable();
      if (!jobs.isEmpty()) {
        List<Claimed> leases = jobs.stream().map(job -> job.claimed).toList();
        Instant until = clock.instant().plus(lease);
        slots.renewed(jobs, store.renew(leases, until), until);
      }
    } catch (Throwable e) {
      // Nothing may end this thread but its worker: all jobs would be lost with it.
      LOG.error("{}: the leases could not be renewed", label, e);
      done = false;
    }
    slots.loseExpired();
    return done;
  }

  private void watch() {
    slots.timeOut();
    try {
      if (slots.running()) {
        slots.cancel(store.cancellations(workerId));
      }
    } catch (Throwable e) {
      LOG.error("{}: could not look for canceled jobs; trying again", label, e);
    }
  }

  /**
   * @param all true to remove the few too that have finished since the last time
   */
  private void prune(boolean all) {
    Map<JobState, Retention> kept = upkeep.takePrune(all);
    while (!kept.isEmpty()) {
      kept.forEach(this::prune);
      kept = upkeep.takePrune(false);
    }
    if (upkeep.takeEventPrune(all)) {
      pruneEvents();
    }
  }

  /**
   * @param all true to store at once what the worker has done
   */
  private void meter(boolean all) {
    List<QueueMetrics> metrics = upkeep.takeMetrics(all);
    if (!metrics.isEmpty()) {
      try {
        store.addMetrics(metrics);
      } catch (Throwable e) {
        LOG.error("{}: metrics could not be stored; trying again", label, e);
        upkeep.giveBack(metrics);
      }
    }
  }

  private void pruneEvents() {
    try {
      int removed;
      do {
        removed = store.pruneEvents();
      } while (removed == QueueStore.BATCH);
    } catch (Throwable e) {
      LOG.error("{}: old events could not be removed; trying again later", label, e);
    }
  }

  private void prune(JobState state, Retention kept) {
    try {
      if (store.prune(state, kept, clock.instant()) == QueueStore.BATCH) {
        upkeep.pruneAgain(state, kept);
      }
    } catch (Throwable e) {
      LOG.error("{}: finished jobs could not be removed; trying again later", label, e);
      upkeep.finished(state, kept);
    }
  }
}
