package dev.mainstay.queue;

/** A worker's right to a job: it ends when the worker stops renewing it. */
public interface Lease {

  /**
   * Grows with each claim of this job, over all workers and restarts. A write that is conditional
   * on it cannot come from a worker that has lost the job (a fencing token).
   */
  long token();

  /** False once the lease is known to be lost; the handler's thread is interrupted then. */
  boolean held();
}
