package dev.mainstay.queue.spi;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.WorkerOptions;
import java.util.Optional;

/**
 * A job that a worker has taken.
 *
 * @param token of the lease: unlike that of any other claim in this queue, and greater than those
 *     of all earlier claims of this job
 * @param hasChildren true if it had children when it was taken
 * @param deferredFailure if present, the job is to fail for this reason without being run: a child
 *     has failed, or the end of a child was left to its next worker
 */
public record Claimed(Job job, long token, boolean hasChildren, Optional<String> deferredFailure) {

  /** Of a job that has nothing to do with flows. */
  public Claimed(Job job, long token) {
    this(job, token, false, Optional.empty());
  }

  /** With what the worker keeps, where the job says nothing about it. */
  public Claimed keptBy(WorkerOptions worker) {
    JobOptions options = job.options();
    Retention completed = options.removeOnComplete().or(worker.removeOnComplete());
    Retention failed = options.removeOnFail().or(worker.removeOnFail());
    if (completed.equals(options.removeOnComplete()) && failed.equals(options.removeOnFail())) {
      return this;
    }
    JobOptions kept = options.toBuilder().removeOnComplete(completed).removeOnFail(failed).build();
    return new Claimed(job.with(kept), token, hasChildren, deferredFailure);
  }
}
