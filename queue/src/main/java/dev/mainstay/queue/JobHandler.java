package dev.mainstay.queue;

/** Does the work of one job, on a virtual thread of its own. */
@FunctionalInterface
public interface JobHandler {

  /**
   * @return JSON text that is kept as the job's return value, or the empty string
   * @throws UnrecoverableException the job fails whatever attempts are left
   * @throws DelayedException the job is delayed until the time that it names, and has lost no
   *     attempt
   * @throws WaitingChildrenException the job waits until its children are done, and has lost no
   *     attempt
   * @throws Exception the attempt failed; the job is tried again while attempts are left
   * @throws InterruptedException the lease is lost, the job is canceled or has run for too long, or
   *     the worker stops; the job's state is not touched by a lost lease, and is given back at once
   *     by a worker that stops
   */
  String handle(Job job, JobContext context) throws Exception;
}
