package dev.mainstay.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What can be done to a queue as a whole. All of it is stored, and holds for every process. */
public interface QueueControl {

  /** Jobs by state, every state named. */
  Map<JobState, Long> counts();

  /**
   * Jobs of one state: those that wait in the order in which they will be taken, delayed ones by
   * the time they are due, finished ones newest first.
   *
   * @param cursor {@link Page#next} of the page before; empty for the first
   * @param limit 1 to {@link TaskQueue#MAX_PAGE}
   * @throws IllegalArgumentException the cursor is not one of this list
   */
  Page<Job> list(JobState state, Optional<String> cursor, int limit);

  /**
   * What the workers have done, by the minute; minutes in which nothing ended are left out. A
   * worker stores what it has done within a second and as it is closed; what one that is killed has
   * done in its last second is not counted.
   *
   * @param from the first minute
   * @param to minutes that begin before this
   * @return in the order of time, no more than are kept: {@link QueueMetrics#KEPT}
   */
  List<QueueMetrics> metrics(Instant from, Instant to);

  /**
   * The workers of this queue in all processes, in the order in which they were started; on Redis
   * those in Node too, last. One that was closed is gone at once, one that has died after {@link
   * WorkerInfo#GONE_AFTER} at most. What they have is counted among the first 10,000 active jobs.
   *
   * @param cursor {@link Page#next} of the page before; empty for the first
   * @param limit 1 to {@link TaskQueue#MAX_PAGE}
   */
  Page<WorkerInfo> workers(Optional<String> cursor, int limit);

  /** No job is taken until {@link #resume}; those that run go on. */
  void pause();

  void resume();

  boolean paused();

  /**
   * How many jobs of this queue may be active at once, over all workers; never exceeded. Empty: no
   * such limit.
   */
  void setConcurrency(OptionalInt limit);

  OptionalInt concurrency();

  /** How many jobs may start, over all workers; never exceeded. Empty: no such limit. */
  void setRateLimit(Optional<RateLimit> limit);

  Optional<RateLimit> rateLimit();

  /**
   * How many {@link JobOptions#units} the jobs may use, over all workers; never exceeded but by one
   * job that wants more than there are, which starts when none are used. A job's units count from
   * its start; its handler may {@link JobContext#reserve reserve} more, and {@link
   * JobContext#settle tell} what it has used in fact. The jobs behind one that must wait for its
   * units wait with it. Empty: no such limit.
   */
  void setUnitLimit(Optional<RateLimit> limit);

  Optional<RateLimit> unitLimit();

  /** The job that has a {@link Deduplication} id, so that no other is added with it. */
  Optional<Job> deduplicated(String id);

  /**
   * Takes a {@link Deduplication} id from the job that has it.
   *
   * @return false if none has
   */
  boolean removeDeduplication(String id);

  /** What each {@link JobOptions#group group} may take that has no limits of its own. */
  void setGroupLimits(GroupLimits limits);

  GroupLimits groupLimits();

  /**
   * Gives a group limits of its own, which hold instead of those of every group.
   *
   * @param limits empty to take them from it
   */
  void setGroupLimits(String group, Optional<GroupLimits> limits);

  /** The limits that a group has of its own. */
  Optional<GroupLimits> groupLimits(String group);

  /**
   * Groups that have jobs which wait or are active, or limits of their own, by name.
   *
   * @param cursor {@link Page#next} of the page before; empty for the first
   * @param limit 1 to {@link TaskQueue#MAX_PAGE}
   */
  Page<JobGroup> groups(Optional<String> cursor, int limit);

  /**
   * Removes all jobs that wait, but those of job schedulers.
   *
   * @param delayed true to remove the delayed ones too
   * @return how many
   */
  int drain(boolean delayed);

  /**
   * Removes jobs of one state, but the next ones of job schedulers.
   *
   * @param state any but active and waiting for children
   * @param grace only those that were added (finished, if they have) at least so long ago
   * @param limit at most so many, 1 to {@link TaskQueue#MAX_BULK}
   * @return their ids
   */
  List<String> clean(JobState state, Duration grace, int limit);

  /**
   * Removes all jobs, their logs, the job schedulers, and what was set for the queue.
   *
   * @param force true to remove active jobs too, whose workers lose their leases
   * @throws IllegalStateException jobs are active and {@code force} is false; nothing has changed
   *     then
   */
  void obliterate(boolean force);

  /**
   * Makes all jobs wait again that are failed or completed now.
   *
   * @param state failed or completed
   * @return how many
   */
  int retryAll(JobState state);

  /**
   * Makes all jobs wait that are delayed now.
   *
   * @return how many
   */
  int promoteAll();
}
