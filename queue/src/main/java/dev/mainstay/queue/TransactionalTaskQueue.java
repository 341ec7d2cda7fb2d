package dev.mainstay.queue;

import java.sql.Connection;
import java.util.List;

/** A queue whose jobs can come and go with the rows of the caller that they are about. */
public interface TransactionalTaskQueue extends TaskQueue {

  /**
   * Whether the store can have such a job, by its own.
   *
   * @throws IllegalArgumentException its id is one that the store cannot have
   * @throws UnsupportedFeatureException it wants what the store cannot do
   */
  default void check(JobRequest request) {}

  /**
   * Adds a job as part of the caller's transaction: it exists if and when that commits. The caller
   * calls {@link #wake} after the commit; without it the job is found at the next poll.
   */
  default Job add(Connection transaction, JobRequest request) {
    return addBulk(transaction, List.of(request)).getFirst();
  }

  /** As {@link #add(Connection, JobRequest)}, for at most {@link #MAX_BULK} jobs. */
  List<Job> addBulk(Connection transaction, List<JobRequest> requests);

  /**
   * Removes a job that waits or is delayed, as part of the caller's transaction.
   *
   * @return false if it is active, finished or unknown
   */
  boolean removeUnstarted(Connection transaction, String id);
}
