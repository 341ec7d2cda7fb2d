package dev.mainstay.queue;

/** Does the work of one job, on a virtual thread of its own. */
@FunctionalInterface
public interface JobHandler {

  /**
   * @return JSON text that is kept as the job's return value, or the empty string
   * @throws UnrecoverableException the job fails whatever attempts are left
   * @throws Exception the attempt failed; the job is tried again while attempts are left
   * @throws InterruptedException the lease is lost or the worker stops; the job's state is not
   *     touched by a lost lease, and is given back at once by a worker that stops
   */
  String handle(Job job, Lease lease) throws Exception;
}
