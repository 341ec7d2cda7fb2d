package dev.mainstay.queue.sql;

import dev.mainstay.queue.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a worker that renews its leases, all in one transaction each third of a lease.
 * In between it removes finished jobs that are not kept.
 */
final class LeaseKeeper implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

  private final Slots slots;
  private final Upkeep upkeep;
  private final LeaseTable table;
  private final Transactions transactions;
  private final InstantSource clock;
  private final Duration lease;
  private final String label;

  LeaseKeeper(Slots slots, Upkeep upkeep, SqlWorker.Store store, Duration lease, String label) {
    this.slots = slots;
    this.upkeep = upkeep;
    this.table = store.table();
    this.transactions = store.transactions();
    this.clock = store.clock();
    this.lease = lease;
    this.label = label;
  }

  @Override
  public void run() {
    long renewAt = System.nanoTime() + lease.toNanos() / 3;
    while (upkeep.await(renewAt)) {
      if (renewAt - System.nanoTime() <= 0) {
        // After a failure there is time for several more tries before the lease ends.
        long wait = renew() ? lease.toNanos() / 3 : lease.toNanos() / 15;
        renewAt = System.nanoTime() + wait;
      }
      if (upkeep.takePrune()) {
        prune();
      }
    }
  }

  private boolean renew() {
    boolean done = true;
    try {
      List<RunningJob> jobs = slots.renewable();
      if (!jobs.isEmpty()) {
        List<Claimed> leases = jobs.stream().map(job -> job.claimed).toList();
        Instant until = clock.instant().plus(lease);
        slots.renewed(
            jobs, transactions.write(connection -> table.renew(connection, leases, until)), until);
      }
    } catch (Throwable e) {
      // Nothing may end this thread but its worker: all jobs would be lost with it.
      LOG.error("{}: the leases could not be renewed", label, e);
      done = false;
    }
    slots.loseExpired();
    return done;
  }

  private void prune() {
    try {
      if (transactions.write(table::prune)) {
        upkeep.pruneAgain();
      }
    } catch (Throwable e) {
      LOG.error("{}: finished jobs could not be removed; trying again later", label, e);
    }
  }
}
