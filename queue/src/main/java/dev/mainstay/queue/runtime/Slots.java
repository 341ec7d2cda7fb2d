package dev.mainstay.queue.runtime;

import dev.mainstay.queue.JobState;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.Outlook;
import dev.mainstay.queue.spi.QueueStore;
import dev.mainstay.queue.spi.Recovered;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker's threads share: the jobs that it has, and what it waits for. Its monitor protects
 * all of it, and is never held over a call to the store or to a handler.
 */
final class Slots {
  private static final Logger LOG = LoggerFactory.getLogger(Slots.class);

  /** How often a worker with running jobs looks for those that someone has canceled. */
  private static final Duration WATCH = Duration.ofMillis(500);

  /**
   * How long after jobs have started their ends are gathered before the store is told of the first:
   * jobs that take next to no time then cost one exchange together, and others are not kept.
   */
  private static final Duration GATHER = Duration.ofNanos(200_000);

  private final String label;
  private final WorkerOptions options;
  private final InstantSource clock;
  private final Upkeep upkeep;
  private final QueueStore store;

  /** By token, for a job may be back here before a handler that lost it has ended. */
  private final Map<Long, RunningJob> jobs = new LinkedHashMap<>();

  /** Those of them that were prefetched and have not started, in their order. */
  private final Deque<RunningJob> ready = new ArrayDeque<>();

  private final HandlerThreads threads;

  /** Handlers that run. */
  private int running;

  /** {@link System#nanoTime} until which the jobs started last may end together. */
  private long gatherUntil = System.nanoTime();

  private final Pace pace = new Pace();
  private boolean accepting = true;
  private boolean inRound;
  private boolean stopped;

  Slots(
      String label,
      WorkerOptions options,
      QueueStore store,
      InstantSource clock,
      Upkeep upkeep,
      HandlerThreads threads) {
    this.threads = threads;
    this.label = label;
    this.store = store;
    this.options = options;
    this.clock = clock;
    this.upkeep = upkeep;
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
  synchronized @Nullable Round awaitRound() {
    inRound = false;
    while (!stopped) {
      List<RunningJob> ended = ended();
      if (jobs.isEmpty()) {
        notifyAll();
      }
      int capacity = accepting ? options.taken() - jobs.size() + ended.size() : 0;
      boolean wanted = capacity > 0 && pace.woken();
      boolean polling = capacity > 0 && pace.pollDue();
      long gathering = running > 0 ? gatherUntil - System.nanoTime() : 0;
      if (pace.nanosToRetry() > 0) {
        await(pace.nanosToRetry());
      } else if (!ended.isEmpty() && gathering > 0) {
        await(gathering);
      } else if (!ended.isEmpty() || wanted || polling) {
        if (capacity > 0) {
          pace.asked();
        }
        inRound = true;
        return new Round(ended, capacity, ended.isEmpty() && !wanted);
      } else {
        await(capacity > 0 ? pace.nanosToPoll() : Long.MAX_VALUE);
      }
    }
    return null;
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
    if (job.unheard) {
      LOG.info(
          "{}: job {} ended as {}; lease {} is over, so the store has either recorded the end in an"
              + " exchange whose answer was lost, or let the lease go",
          label,
          job.claimed.job().id(),
          end.settlement().state(),
          job.token());
      return;
    }
    LOG.warn(
        "{}: job {} ended as {} after lease {} was lost; nothing is changed",
        label,
        job.claimed.job().id(),
        end.settlement().state(),
        job.token());
  }

  /** The store may have recorded ends, but has not said so. */
  synchronized void unheard(List<RunningJob> ended) {
    ended.forEach(job -> job.unheard = true);
  }

  /** Of the jobs that are here. */
  synchronized Set<Long> tokens() {
    return Set.copyOf(jobs.keySet());
  }

  /** The store has recorded ends, except those whose lease turned out to be lost. */
  synchronized void recorded(List<RunningJob> ended, List<Boolean> held) {
    for (int i = 0; i < ended.size(); i++) {
      RunningJob job = ended.get(i);
      jobs.remove(job.token());
      if (job.end != null && !held.get(i)) {
        logLate(job, job.end);
        continue;
      }
      if (job.end != null) {
        upkeep.ended(job.end.settlement(), job.end.at());
      }
      if (job.end != null && job.end.settlement().finished()) {
        upkeep.finished(job.end.settlement().state(), job.end.settlement().kept());
      }
    }
  }

  /** The store has taken jobs from workers that let their leases end, perhaps from this one. */
  synchronized void recovered(List<Recovered> recovered) {
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
        loseLease(own);
      }
      if (job.state() == JobState.FAILED) {
        upkeep.finished(job.state(), job.removeOnFail().or(options.removeOnFail()));
      }
    }
  }

  /** Starts claimed jobs, or gives them back if the worker has meanwhile ceased to accept any. */
  synchronized void claimed(List<Claimed> claimed, Instant leaseUntil) {
    for (Claimed claim : claimed) {
      RunningJob job = new RunningJob(claim.keptBy(options), leaseUntil, store, clock);
      jobs.put(claim.token(), job);
      if (claim.deferredFailure().isPresent()) {
        end(job, Outcome.Failed.forGood(claim.deferredFailure().get()));
      } else if (accepting) {
        ready.add(job);
      } else {
        end(job, new Outcome.Released());
      }
    }
    gatherUntil = System.nanoTime() + GATHER.toNanos();
    startReady();
    upkeep.alarm(nextAlarm());
  }

  private void startReady() {
    while (running < options.concurrency() && !ready.isEmpty()) {
      RunningJob job = ready.element();
      if (!clock.instant().isBefore(job.leaseUntil)) {
        // The store took longer to answer than the lease lasts: another worker may have it by now.
        lose(job, "it had ended before the job could begin");
        continue;
      }
      ready.remove();
      try {
        Thread thread = threads.of(job, this);
        job.starts(thread);
        thread.start();
        running++;
      } catch (Throwable e) {
        LOG.error("{}: no thread could be started for job {}", label, job.claimed.job().id(), e);
        end(job, new Outcome.Released());
      }
    }
  }

  /** The store answered: the next round is due by {@code outlook}, or when something happens. */
  synchronized void succeeded(Outlook outlook) {
    pace.succeeded(outlook, clock.millis());
  }

  /** The store failed: the round is made again after a wait. */
  synchronized void failed(Throwable error) {
    LOG.error("{}: the store failed; trying again in {} ms", label, pace.failed(), error);
  }

  /**
   * A handler has ended.
   *
   * @param thrown true if it threw what an interruption may have caused
   */
  synchronized void ended(RunningJob job, Outcome outcome, boolean thrown) {
    Interruption interruption = job.interruption;
    end(job, thrown && interruption != null ? interruption.outcome(outcome) : outcome);
    running--;
    startReady();
    notifyAll();
  }

  private void end(RunningJob job, Outcome outcome) {
    Instant now = clock.instant();
    job.end = new RunningJob.End(Settlements.of(job.claimed, outcome, job.hasChildren(), now), now);
    job.thread = null;
  }

  /** {@link System#nanoTime} of the next look at the jobs that run. */
  synchronized long nextAlarm() {
    long now = System.nanoTime();
    long next = RunningJob.NEVER;
    for (RunningJob job : jobs.values()) {
      if (job.end == null) {
        next = Math.min(next, Math.min(WATCH.toNanos(), job.timeoutAt - now));
      }
    }
    return now + next;
  }

  /** True if a job is here that has not ended. */
  synchronized boolean running() {
    return jobs.values().stream().anyMatch(job -> job.end == null);
  }

  /** Interrupts the handlers that have run for too long. */
  synchronized void timeOut() {
    long now = System.nanoTime();
    for (RunningJob job : jobs.values()) {
      if (job.end == null && job.interruption == null && job.timeoutAt - now <= 0) {
        job.claimed
            .job()
            .options()
            .timeout()
            .ifPresent(limit -> job.interrupt(new Interruption.TimedOut(limit)));
      }
    }
  }

  /**
   * Interrupts the handlers of jobs that are not wanted.
   *
   * @param reasons by token
   */
  synchronized void cancel(Map<Long, String> reasons) {
    reasons.forEach(
        (token, reason) -> {
          RunningJob job = jobs.get(token);
          if (job != null && job.interruption == null) {
            Interruption canceled = new Interruption.Canceled(reason);
            job.interrupt(canceled);
            endReady(job, canceled.outcome(new Outcome.Released()));
          }
        });
  }

  /** Ends a job whose handler has not begun and will not. */
  private void endReady(RunningJob job, Outcome outcome) {
    if (ready.remove(job)) {
      end(job, outcome);
      notifyAll();
    }
  }

  /** Leases to renew: all but those of jobs whose end the store has not taken for a whole lease. */
  synchronized List<RunningJob> renewable() {
    Instant oldest = clock.instant().minus(options.lease());
    return jobs.values().stream()
        .filter(job -> job.held() && (job.end == null || job.end.at().isAfter(oldest)))
        .toList();
  }

  synchronized void renewed(List<RunningJob> renewed, List<Boolean> held, Instant until) {
    for (int i = 0; i < renewed.size(); i++) {
      RunningJob job = renewed.get(i);
      if (held.get(i)) {
        job.leaseUntil = until;
      } else if (job.end == null && job.held()) {
        lose(job, "another worker has taken the job");
      }
    }
  }

  /** Gives up the leases that have ended without a renewal. */
  synchronized void loseExpired() {
    Instant now = clock.instant();
    for (RunningJob job : jobs.values()) {
      if (job.held() && !now.isBefore(job.leaseUntil)) {
        lose(job, "it could not be renewed before its end");
        notifyAll();
      }
    }
  }

  private void lose(RunningJob job, String why) {
    LOG.warn("{}: lease {} on job {} is lost: {}", label, job.token(), job.claimed.job().id(), why);
    loseLease(job);
  }

  private void loseLease(RunningJob job) {
    job.loseLease();
    endReady(job, new Outcome.Released());
  }

  synchronized void wake() {
    pace.wake();
    notifyAll();
  }

  synchronized void hear() {
    pace.hear();
    notifyAll();
  }

  synchronized boolean idle() {
    return accepting && jobs.size() < options.concurrency();
  }

  synchronized int active() {
    return jobs.size() - ready.size();
  }

  synchronized boolean runsOn(Thread thread) {
    return jobs.values().stream().anyMatch(job -> thread.equals(job.thread));
  }

  /** Takes no more, and gives back what was prefetched. */
  synchronized void stopAccepting() {
    accepting = false;
    while (!ready.isEmpty()) {
      end(ready.remove(), new Outcome.Released());
    }
    notifyAll();
  }

  synchronized void giveAllBack() {
    jobs.values().forEach(job -> job.interrupt(new Interruption.Stopping()));
  }

  /**
   * Waits until no job is left here and no round can bring one.
   *
   * @return false if the time was over before
   */
  synchronized boolean awaitDrained(Duration limit) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limit.toMillis());
    while (inRound || !jobs.isEmpty()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      await(left);
    }
    return true;
  }

  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  /** An interrupt does not end the wait, it would leave work half done; the flag is kept. */
  @SuppressWarnings("WaitNotInLoop") // every caller waits in a loop, which this cannot show
  private void await(long nanos) {
    boolean interrupted = Thread.interrupted();
    try {
      TimeUnit.NANOSECONDS.timedWait(this, nanos);
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
