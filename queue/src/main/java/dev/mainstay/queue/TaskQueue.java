package dev.mainstay.queue;

import java.sql.Connection;
import java.util.Map;
import java.util.Optional;

/** One named, durable queue of jobs. Thread-safe. What it acknowledges is on disk. */
public interface TaskQueue {

  /** Bound of a job's data, in UTF-8. */
  int MAX_DATA_BYTES = 1024 * 1024;

  /** Bound of a return value, in UTF-8; a job that returns more fails, and is not tried again. */
  int MAX_RETURN_VALUE_BYTES = 1024 * 1024;

  /** Bound of a failed reason, in UTF-8; a longer one is cut. */
  int MAX_FAILED_REASON_BYTES = 16 * 1024;

  /** Completed jobs that are kept, the newest; their ids are free again once they are removed. */
  int KEEP_COMPLETED = 1000;

  /** Failed jobs that are kept, the newest. */
  int KEEP_FAILED = 1000;

  String name();

  /** Adds a job and wakes a worker. */
  Job add(JobRequest request);

  /**
   * Adds a job as part of the caller's transaction: it exists if and when that commits. The caller
   * calls {@link #wake} after the commit; without it the job is found at the next poll.
   */
  Job add(Connection transaction, JobRequest request);

  /** Tells the workers of this process that there may be something to do. */
  void wake();

  Optional<Job> find(String id);

  /** Jobs by state, every state named. */
  Map<JobState, Long> counts();

  /**
   * Removes a job that waits or is delayed, as part of the caller's transaction.
   *
   * @return false if it is active, finished or unknown
   */
  boolean remove(Connection transaction, String id);

  /** Starts a worker; it has started when this returns. */
  Worker work(WorkerOptions options, JobHandler handler);

  /**
   * Gives back at once every job that {@code workerId} had when it died, instead of waiting for the
   * leases to end. Call it at start, before {@link #work}, and only if no other process can carry
   * the same id. It is not counted as a stall.
   *
   * @return how many jobs came back
   */
  int takeOver(String workerId);
}
