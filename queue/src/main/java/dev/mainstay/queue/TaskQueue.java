package dev.mainstay.queue;

import java.util.List;
import java.util.Optional;

/**
 * One named queue of jobs. Thread-safe. What it acknowledges is stored; on a durable engine that
 * means on disk.
 */
public interface TaskQueue extends JobControl, QueueControl, SchedulerControl, EventControl {

  /** Bound of a job's data, in UTF-8. */
  int MAX_DATA_BYTES = 1024 * 1024;

  /** Bound of a return value, in UTF-8; a job that returns more fails, and is not tried again. */
  int MAX_RETURN_VALUE_BYTES = 1024 * 1024;

  /** Bound of a failed reason, in UTF-8; a longer one is cut. */
  int MAX_FAILED_REASON_BYTES = 16 * 1024;

  /** Bound of one stack trace, in UTF-8; a longer one is cut. */
  int MAX_STACK_TRACE_BYTES = 8 * 1024;

  /** Bound of a job's progress, in UTF-8. */
  int MAX_PROGRESS_BYTES = 16 * 1024;

  /** Bound of one line of a job's log, in UTF-8; a longer one is cut. */
  int MAX_LOG_LINE_BYTES = 16 * 1024;

  /** Jobs that one {@link #addBulk} may add. */
  int MAX_BULK = 10_000;

  /** Items of a page. */
  int MAX_PAGE = 1000;

  String name();

  /**
   * Adds a job and wakes a worker.
   *
   * @return the job; if its id is there, or its {@link Deduplication} id is taken, the one that
   *     stands in the way. If that had been removed as it finished, only its id is known: it is
   *     given as completed, with the data of the request.
   */
  Job add(JobRequest request);

  /**
   * Adds all of the jobs or none, and wakes workers.
   *
   * @param requests at most {@link #MAX_BULK}
   * @return the jobs in the order of the requests
   */
  List<Job> addBulk(List<JobRequest> requests);

  /** Tells the workers that there may be something to do, those of other processes too. */
  void wake();

  Optional<Job> find(String id);

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
