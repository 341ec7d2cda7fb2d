package dev.mainstay.queue;

import java.time.Duration;
import java.util.Optional;

/**
 * @param workerId names the process; stays the same over its restarts, so that {@link
 *     TaskQueue#takeOver} finds what it had
 * @param concurrency how many jobs run at once here
 * @param lease how long a job stays this worker's without a sign of life; renewed at a third of it
 * @param maxStalled how often a job may be lost by its worker before it fails instead of returning
 * @param backoffs for jobs whose backoff type is not built in
 * @param prefetch how many jobs are taken beyond those that run, so that short ones need not wait
 *     for the store in between. They are active, and lost with the worker as those that run
 * @param removeOnComplete which completed jobs stay once one has completed here that says nothing
 *     about it itself; without, the job's default
 * @param removeOnFail the same, for jobs that have failed
 */
public record WorkerOptions(
    String workerId,
    int concurrency,
    Duration lease,
    int maxStalled,
    BackoffStrategy backoffs,
    int prefetch,
    Optional<Retention> removeOnComplete,
    Optional<Retention> removeOnFail) {

  public static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);
  public static final Duration MIN_LEASE = Duration.ofMillis(100);
  public static final Duration MAX_LEASE = Duration.ofDays(1);
  public static final int MAX_CONCURRENCY = 10_000;
  public static final int MAX_PREFETCH = 10_000;

  /**
   * @throws IllegalArgumentException a value is out of range
   */
  public WorkerOptions {
    Limits.name("workerId", workerId);
    Limits.range("concurrency", concurrency, 1, MAX_CONCURRENCY);
    Limits.range("The lease", lease, MIN_LEASE, MAX_LEASE);
    Limits.range("maxStalled", maxStalled, 0, Integer.MAX_VALUE);
    Limits.range("prefetch", prefetch, 0, MAX_PREFETCH);
  }

  public WorkerOptions(String workerId, int concurrency, Duration lease, int maxStalled) {
    this(
        workerId,
        concurrency,
        lease,
        maxStalled,
        BackoffStrategy.NONE,
        0,
        Optional.empty(),
        Optional.empty());
  }

  /** How many jobs the worker has at most. */
  public int taken() {
    return concurrency + prefetch;
  }

  /** A lease of 30 seconds, lost once at most, as BullMQ has it. */
  public static WorkerOptions of(String workerId, int concurrency) {
    return new WorkerOptions(workerId, concurrency, DEFAULT_LEASE, 1);
  }

  public WorkerOptions withLease(Duration value) {
    return new WorkerOptions(
        workerId,
        concurrency,
        value,
        maxStalled,
        backoffs,
        prefetch,
        removeOnComplete,
        removeOnFail);
  }

  public WorkerOptions withMaxStalled(int value) {
    return new WorkerOptions(
        workerId, concurrency, lease, value, backoffs, prefetch, removeOnComplete, removeOnFail);
  }

  public WorkerOptions withBackoffs(BackoffStrategy value) {
    return new WorkerOptions(
        workerId, concurrency, lease, maxStalled, value, prefetch, removeOnComplete, removeOnFail);
  }

  public WorkerOptions withPrefetch(int value) {
    return new WorkerOptions(
        workerId, concurrency, lease, maxStalled, backoffs, value, removeOnComplete, removeOnFail);
  }

  /** BullMQ's option of the worker of that name. */
  public WorkerOptions withRemoveOnComplete(Retention value) {
    return new WorkerOptions(
        workerId,
        concurrency,
        lease,
        maxStalled,
        backoffs,
        prefetch,
        Optional.of(value),
        removeOnFail);
  }

  /** BullMQ's option of the worker of that name. */
  public WorkerOptions withRemoveOnFail(Retention value) {
    return new WorkerOptions(
        workerId,
        concurrency,
        lease,
        maxStalled,
        backoffs,
        prefetch,
        removeOnComplete,
        Optional.of(value));
  }
}
