package dev.mainstay.queue.sql;

import dev.mainstay.queue.WorkerOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker's threads share: the jobs that it has, and what it waits for. One lock protects all
 * of it; it is never held over a call to the store or to a handler.
 */
final class Slots {
  /** Finished jobs after which the table is pruned without waiting for the next renewal. */
  private static final int PRUNE_EVERY = LeaseTable.BATCH;

  private static final Logger LOG = LoggerFactory.getLogger(Slots.class);

  private final String label;
  private final WorkerOptions options;
  private final InstantSource clock;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition dispatch = lock.newCondition();
  private final Condition upkeep = lock.newCondition();
  private final Condition drained = lock.newCondition();

  /** By token, for a job may be back here before a handler that lost it has ended. */
  private final Map<Long, RunningJob> jobs = new LinkedHashMap<>();

  private final Pace pace = new Pace();
  private boolean accepting = true;
  private boolean inRound;
  private boolean stopped;

  /** Starts at one: what others left is pruned too. */
  private int finishedSincePrune = 1;

  Slots(String label, WorkerOptions options, InstantSource clock) {
    this.label = label;
    this.options = options;
    this.clock = clock;
  }

  /**
   * What the dispatcher does next.
   *
   * @param ended jobs whose handlers have ended, their leases still held as far as is known
   * @param capacity how many jobs may be taken once the ended ones are recorded
   * @param polling true if nothing but time asks for it
   */
  record Round(List<RunningJob> ended, int capacity, boolean polling) {}

  /** Waits until there is something to do; null once the worker is stopped. */
  @Nullable Round awaitRound() {
    lock.lock();
    try {
      inRound = false;
      while (!stopped) {
        List<RunningJob> ended = ended();
        if (jobs.isEmpty()) {
          drained.signalAll();
        }
        int capacity = accepting ? options.concurrency() - jobs.size() + ended.size() : 0;
        boolean wanted = capacity > 0 && pace.woken();
        boolean polling = capacity > 0 && pace.pollDue();
        if (pace.nanosToRetry() > 0) {
          await(dispatch, pace.nanosToRetry());
        } else if (!ended.isEmpty() || wanted || polling) {
          if (capacity > 0) {
            pace.asked();
          }
          inRound = true;
          return new Round(ended, capacity, ended.isEmpty() && !wanted);
        } else {
          await(dispatch, capacity > 0 ? pace.nanosToPoll() : Long.MAX_VALUE);
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Those that have ended; the ones without a lease are dropped, their end is only logged. */
  private List<RunningJob> ended() {
    List<RunningJob> ended = new ArrayList<>();
    for (Iterator<RunningJob> i = jobs.values().iterator(); i.hasNext(); ) {
      RunningJob job = i.next();
      if (job.end != null && job.held()) {
        ended.add(job);
      } else if (job.end != null) {
        logLate(job, job.end);
        i.remove();
      }
    }
    return ended;
  }

  private void logLate(RunningJob job, RunningJob.End end) {
    LOG.warn(
        "{}: job {} ended as {} after lease {} was lost; nothing is changed",
        label,
        job.claimed.job().id(),
        end.settlement().state(),
        job.token());
  }

  /** The store has recorded ends, except those whose lease turned out to be lost. */
  void recorded(List<RunningJob> ended, List<Boolean> held) {
    lock.lock();
    try {
      for (int i = 0; i < ended.size(); i++) {
        RunningJob job = ended.get(i);
        jobs.remove(job.token());
        if (job.end != null && !held.get(i)) {
          logLate(job, job.end);
        } else if (job.end != null && job.end.settlement().finished()) {
          countFinished(1);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** The store has taken jobs from workers that let their leases end, perhaps from this one. */
  void recovered(List<Recovered> recovered) {
    lock.lock();
    try {
      for (Recovered job : recovered) {
        LOG.warn(
            "{}: the lease of worker {} on job {} ended, stall {}; it is {} now",
            label,
            job.workerId(),
            job.id(),
            job.stalledCount(),
            job.state());
        RunningJob own = jobs.get(job.token());
        if (own != null) {
          own.loseLease();
        }
      }
      countFinished(recovered.size());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Starts claimed jobs, or gives them back if the worker has meanwhile ceased to accept any.
   *
   * @param threads makes the thread, not yet started, that is to run a job
   */
  void claimed(List<Claimed> claimed, Instant leaseUntil, Function<RunningJob, Thread> threads) {
    lock.lock();
    try {
      for (Claimed claim : claimed) {
        RunningJob job = new RunningJob(claim, leaseUntil);
        jobs.put(claim.token(), job);
        if (!accepting || !start(job, threads)) {
          end(job, new Outcome.Released(), 0);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean start(RunningJob job, Function<RunningJob, Thread> threads) {
    try {
      Thread thread = threads.apply(job);
      job.thread = thread;
      thread.start();
      return true;
    } catch (Throwable e) {
      LOG.error("{}: no thread could be started for job {}", label, job.claimed.job().id(), e);
      return false;
    }
  }

  /** The store answered: the next round is due by {@code outlook}, or when something happens. */
  void succeeded(Outlook outlook) {
    lock.lock();
    try {
      pace.succeeded(outlook, clock.millis());
    } finally {
      lock.unlock();
    }
  }

  /** The store failed: the round is made again after a wait. */
  void failed(Throwable error) {
    lock.lock();
    try {
      LOG.error("{}: the store failed; trying again in {} ms", label, pace.failed(), error);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A handler has ended.
   *
   * @param thrown true if it threw what an interruption may have caused
   * @param draw a random number from 0 to 1
   */
  void ended(RunningJob job, Outcome outcome, boolean thrown, double draw) {
    lock.lock();
    try {
      end(job, thrown && job.returning ? new Outcome.Released() : outcome, draw);
      dispatch.signal();
    } finally {
      lock.unlock();
    }
  }

  private void end(RunningJob job, Outcome outcome, double draw) {
    Instant now = clock.instant();
    job.end = new RunningJob.End(Settlement.of(job.claimed, outcome, now, draw), now);
    job.thread = null;
  }

  private void countFinished(int count) {
    finishedSincePrune += count;
    if (finishedSincePrune >= PRUNE_EVERY) {
      upkeep.signal();
    }
  }

  /**
   * Waits for the time of the next renewal, or until the table should be pruned.
   *
   * @return false once the worker is stopped
   */
  boolean awaitUpkeep(long renewAt) {
    lock.lock();
    try {
      while (!stopped && finishedSincePrune < PRUNE_EVERY && renewAt - System.nanoTime() > 0) {
        await(upkeep, renewAt - System.nanoTime());
      }
      return !stopped;
    } finally {
      lock.unlock();
    }
  }

  /** True if jobs have finished since it was last asked. */
  boolean takePrune() {
    lock.lock();
    try {
      boolean wanted = finishedSincePrune > 0;
      finishedSincePrune = 0;
      return wanted;
    } finally {
      lock.unlock();
    }
  }

  /** There is more to prune than one batch. */
  void pruneAgain() {
    lock.lock();
    try {
      finishedSincePrune = PRUNE_EVERY;
    } finally {
      lock.unlock();
    }
  }

  /** Leases to renew: all but those of jobs whose end the store has not taken for a whole lease. */
  List<RunningJob> renewable() {
    lock.lock();
    try {
      Instant oldest = clock.instant().minus(options.lease());
      return jobs.values().stream()
          .filter(job -> job.held() && (job.end == null || job.end.at().isAfter(oldest)))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  void renewed(List<RunningJob> renewed, List<Boolean> held, Instant until) {
    lock.lock();
    try {
      for (int i = 0; i < renewed.size(); i++) {
        RunningJob job = renewed.get(i);
        if (held.get(i)) {
          job.leaseUntil = until;
        } else if (job.end == null && job.held()) {
          lose(job, "another worker has taken the job");
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives up the leases that have ended without a renewal. */
  void loseExpired() {
    lock.lock();
    try {
      Instant now = clock.instant();
      for (RunningJob job : jobs.values()) {
        if (job.held() && !now.isBefore(job.leaseUntil)) {
          lose(job, "it could not be renewed before its end");
          dispatch.signal();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void lose(RunningJob job, String why) {
    LOG.warn("{}: lease {} on job {} is lost: {}", label, job.token(), job.claimed.job().id(), why);
    job.loseLease();
  }

  void wake() {
    lock.lock();
    try {
      pace.wake();
      dispatch.signal();
    } finally {
      lock.unlock();
    }
  }

  int active() {
    lock.lock();
    try {
      return jobs.size();
    } finally {
      lock.unlock();
    }
  }

  boolean runsOn(Thread thread) {
    lock.lock();
    try {
      return jobs.values().stream().anyMatch(job -> thread.equals(job.thread));
    } finally {
      lock.unlock();
    }
  }

  void stopAccepting() {
    lock.lock();
    try {
      accepting = false;
    } finally {
      lock.unlock();
    }
  }

  void giveAllBack() {
    lock.lock();
    try {
      jobs.values().forEach(RunningJob::giveBack);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until no job is left here and no round can bring one.
   *
   * @return false if the time was over before
   */
  boolean awaitDrained(Duration limit) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limit.toMillis());
    lock.lock();
    try {
      while (inRound || !jobs.isEmpty()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        await(drained, left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  void stop() {
    lock.lock();
    try {
      stopped = true;
      dispatch.signalAll();
      upkeep.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** An interrupt of the waiting thread does not end the wait: it would leave work half done. */
  @SuppressWarnings("WaitNotInLoop") // every caller waits in a loop, which this cannot show
  private static void await(Condition condition, long nanos) {
    boolean interrupted = Thread.interrupted();
    try {
      // How long it waited does not matter: each caller looks at the clock and the state again.
      var unused = condition.awaitNanos(nanos);
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
