package dev.mainstay.queue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a handler can do about the job it runs. It has the job under a lease, which ends when the
 * worker stops renewing it.
 */
public interface JobContext {

  /**
   * Grows with each claim of this job, over all workers and restarts. A write that is conditional
   * on it cannot come from a worker that has lost the job (a fencing token).
   */
  long token();

  /** False once the lease is known to be lost; the handler's thread is interrupted then. */
  boolean held();

  /**
   * Tells how far the job has come. It is stored when this returns.
   *
   * @param progress JSON text, a number or an object by convention, at most {@link
   *     TaskQueue#MAX_PROGRESS_BYTES} in UTF-8
   */
  void updateProgress(String progress);

  /**
   * Replaces the job's data, which the next attempt will get.
   *
   * @param data JSON text, at most {@link TaskQueue#MAX_DATA_BYTES} in UTF-8
   */
  void updateData(String data);

  /**
   * Counts more units as used, before a call that will use them, if the {@linkplain
   * QueueControl#setUnitLimit unit limits} of the queue and of the job's group allow it now.
   *
   * @param units 1 to {@link RateLimit#MAX}
   * @return empty if they are reserved; else when they may be at the earliest. A handler that does
   *     not want to wait throws {@link DelayedException}.
   */
  Optional<Instant> reserve(long units);

  /**
   * Tells how many units this attempt has used in all so far; what was counted before is corrected,
   * with the job's own units and what was reserved.
   *
   * @param units 0 to {@link RateLimit#MAX}
   */
  void settle(long units);

  /**
   * Adds a line to the job's log, of which the newest {@link JobOptions#keepLogs} are kept.
   *
   * @param line cut at {@link TaskQueue#MAX_LOG_LINE_BYTES}
   */
  void log(String line);

  /**
   * Adds children to this job, all or none. Throw {@link WaitingChildrenException} then, for it
   * cannot complete before they are done.
   *
   * @param children at most {@link FlowProducer#MAX_JOBS} jobs; so many children may a job have too
   * @return in the order of the children
   * @see FlowProducer#add
   */
  List<FlowNode> addChildren(List<Flow> children);

  /** As {@link JobControl#dependencies}, of this job. */
  Page<Dependency> dependencies(Optional<String> cursor, int limit);

  /** Bound of what {@link #childrenValues} and {@link #ignoredChildrenFailures} give, in UTF-16. */
  int MAX_VALUES_LENGTH = 64 * 1024 * 1024;

  /**
   * What the children have returned that have completed; the empty string if nothing. In the order
   * of queue and id.
   *
   * @throws IllegalStateException it is more than {@link #MAX_VALUES_LENGTH}; {@link #dependencies}
   *     gives it page by page
   */
  Map<JobKey, String> childrenValues();

  /** Why children failed without whom this job goes on, see {@link DependencyState#IGNORED}. */
  Map<JobKey, String> ignoredChildrenFailures();
}
