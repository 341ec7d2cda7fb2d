package dev.mainstay.queue.spi;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What {@link Admission} asks of a store, all within one atomic operation.
 *
 * @param <E> what the store throws when it fails
 */
public interface DeduplicationSource<E extends Exception> {

  /**
   * Who took a deduplication id last.
   *
   * @param until the id is taken until then; empty if until the job has finished
   */
  record Owner(String jobId, Optional<Instant> until) {}

  Optional<Owner> owner(String id) throws E;

  Optional<Job> find(String jobId) throws E;

  /** Gives the id to a job that is about to be added; what was kept for it is dropped. */
  void own(String id, Owner owner) throws E;

  /** Keeps a job for when the one that has the id has finished, which it has until then. */
  void keepNext(String id, JobRequest next) throws E;

  void extend(String id, Instant until) throws E;

  /**
   * Removes a job if it is delayed.
   *
   * @return false if it is not
   */
  boolean removeDelayed(String jobId) throws E;

  /** Gives a job another delay from now, if it is delayed. */
  void reschedule(String jobId, Duration delay) throws E;
}
