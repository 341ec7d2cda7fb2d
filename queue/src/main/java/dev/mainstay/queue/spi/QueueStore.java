package dev.mainstay.queue.spi;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.DependencyState;
import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobGroup;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.QueueEvents;
import dev.mainstay.queue.QueueMetrics;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.Schedule;
import dev.mainstay.queue.WorkerInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * One queue in one store: operations that are atomic each, and nothing else. It has no threads and
 * no policy; what comes in has been checked. Thread-safe, and safe against other processes on the
 * same store. When an operation returns, what it changed is stored as durably as the engine
 * promises; if it throws, nothing of it is, as far as is known.
 *
 * <p>Whatever ends or removes a job that has a parent counts for the parent, in the same operation:
 * what it returned or why it failed becomes a {@link dev.mainstay.queue.Dependency} of the parent,
 * which is freed with the last one it waits for, see {@link dev.mainstay.queue.OnFailure}. A store
 * tells the workers of the parent's queue itself, as {@link #signal} does.
 *
 * <p>An operation stores the events of what it does with it, see {@link
 * dev.mainstay.queue.EventControl}, unless the store is told to keep none.
 *
 * <p>Times are the caller's: {@code now} decides what is due and which leases have ended.
 */
public interface QueueStore {

  /** Jobs that one call of a bulk operation changes at most, so that none takes long. */
  int BATCH = 500;

  /** The name of the queue. */
  String queue();

  /**
   * Tells the workers of other processes that there may be something to do. Quick; it may get lost.
   */
  default void signal() {}

  /**
   * Calls {@code heard} soon after another process may have left something to do, until the result
   * is closed; perhaps more often, from any thread. A store that cannot know never calls it.
   */
  default Subscription listen(Runnable heard) {
    return () -> {};
  }

  /**
   * As {@link #listen(Runnable)}, for a store that tells only one process of a job.
   *
   * @param workerId of the first worker that is to hear
   * @param idle true while a worker of this process is free: it will ask the store when it has
   *     heard
   */
  default Subscription listen(String workerId, Runnable heard, BooleanSupplier idle) {
    return listen(heard);
  }

  /**
   * Looks at a job before it is promised to be added, without asking the store.
   *
   * @throws dev.mainstay.queue.UnsupportedFeatureException this store cannot have it
   */
  default void check(JobRequest request) {}

  /**
   * Adds all jobs or none; for an id that is there it changes nothing. A job that its {@link
   * Admission deduplication} refuses is not added.
   *
   * @return in the order of the requests, the jobs that were added, were there or stood in the way
   */
  List<Job> add(List<JobRequest> requests, Instant now);

  Optional<Job> find(String id);

  /** As {@link dev.mainstay.queue.QueueControl#list}. */
  Page<Job> list(JobState state, Optional<String> cursor, int limit);

  Map<JobState, Long> counts();

  /** A worker's turn: it hands in what has ended and takes what is next. */
  Exchange exchange(Turn turn);

  /** What there is to do, without taking any of it. */
  Outlook outlook();

  /**
   * Makes leases last until {@code until}.
   *
   * @return for each, whether it was still held
   */
  List<Boolean> renew(List<Claimed> leases, Instant until);

  /**
   * Active jobs of a worker that someone wants canceled.
   *
   * @return reasons by lease token
   */
  Map<Long, String> cancellations(String workerId);

  /**
   * A worker is there; it says so each 10 seconds. Some of those are forgotten that have not for
   * {@link WorkerInfo#GONE_AFTER}.
   */
  void announce(Presence worker, Instant now);

  /** A worker has been closed. */
  void withdraw(String id);

  /** As {@link dev.mainstay.queue.QueueControl#workers}. */
  Page<WorkerInfo> workers(Optional<String> cursor, int limit, Instant now);

  /** As {@link dev.mainstay.queue.TaskQueue#takeOver}. */
  int takeOver(String workerId, Instant now);

  /**
   * Gives back active jobs of a worker that it does not know of, as if they had not been taken. A
   * store without this loses no answers.
   *
   * @return how many
   */
  default int giveBack(Unheard unheard, Instant now) {
    return 0;
  }

  /**
   * Removes finished jobs that are not kept, up to {@link #BATCH}.
   *
   * @return how many; {@link #BATCH} if there may be more
   */
  int prune(JobState state, Retention kept, Instant now);

  /**
   * Removes a job that is not active, with the children that it waits for; a scheduler whose next
   * job it is gets another. It is refused, with the job's own state, if one of these children is
   * active.
   */
  Change remove(String id, Instant now);

  /**
   * Fails a job that waits, is delayed or waits for its children; marks one that is active, for
   * {@link #cancellations}.
   *
   * @param reason the failed reason
   */
  Change cancel(String id, String reason, Instant now);

  /**
   * Makes a failed or completed job wait; for its children if there are some to wait for. A parent
   * that waits for its children, or has failed, waits for this one again.
   */
  Change retry(String id, Instant now);

  /** Makes a delayed job wait. */
  Change promote(String id, Instant now);

  /** Sets the time at which a delayed job is due. */
  Change changeDelay(String id, Instant runAt, Instant now);

  /** Moves a job that waits or is delayed to another priority. */
  Change changePriority(String id, int priority, boolean lifo);

  Change updateData(Target target, String data);

  Change updateProgress(Target target, String progress, Instant now);

  /** Adds a line to a job's log and removes those beyond what the job keeps. */
  Change log(Target target, String line, Instant now);

  List<String> logs(String id, int offset, int limit);

  /**
   * Adds children to an active job, as {@link FlowStore#add} adds a flow.
   *
   * @param jobs the roots become its children
   * @return empty if the lease is not held; nothing has changed then
   * @throws IllegalArgumentException the job would have more than {@link
   *     dev.mainstay.queue.FlowProducer#MAX_JOBS} children
   */
  Optional<List<Optional<Job>>> addChildren(Claimed parent, List<FlowJob> jobs, Instant now);

  /** As {@link dev.mainstay.queue.JobControl#dependencies}; the limit has been checked. */
  Page<Dependency> dependencies(String id, Optional<String> cursor, int limit);

  /** As {@link dev.mainstay.queue.JobControl#countDependencies}. */
  Map<DependencyState, Long> countDependencies(String id);

  /** As {@link dev.mainstay.queue.EventControl#events}, without a wait. */
  QueueEvents events(String cursor, int limit);

  /**
   * As {@link #listen}, but {@code heard} is called soon after new events of this process, and
   * perhaps after those of others.
   */
  default Subscription listenEvents(Runnable heard) {
    return listen(heard);
  }

  /**
   * Removes events beyond those that are kept, some at a time.
   *
   * @return how many rows; {@link #BATCH} if there may be more
   */
  int pruneEvents();

  /** Minutes that {@link #metrics} gives at most: all that are kept. */
  int MAX_MINUTES = (int) QueueMetrics.KEPT.toMinutes() + 1;

  /**
   * Adds to what is stored of some minutes; a worker calls it once a second at most. Minutes older
   * than {@link QueueMetrics#KEPT} are removed.
   */
  void addMetrics(List<QueueMetrics> more);

  /** As {@link dev.mainstay.queue.QueueControl#metrics}. */
  List<QueueMetrics> metrics(Instant from, Instant to);

  Settings settings();

  void configure(UnaryOperator<Settings> change, Instant now);

  /**
   * Counts units as used, if the limits of the queue and of the group allow them now.
   *
   * @param group of the job that uses them, or {@link ClaimSource#NO_GROUP}
   * @return if they do not, when they will at the earliest
   */
  Optional<Instant> reserve(String group, long units, Instant now);

  /**
   * Corrects what was counted as used.
   *
   * @param units more than was counted, or less than 0
   * @param at when it was used
   */
  void correct(String group, long units, Instant at, Instant now);

  /** The job that has a deduplication id. */
  Optional<Job> deduplicated(String id, Instant now);

  /** Takes a deduplication id from the job that has it; false if none has. */
  boolean removeDeduplication(String id);

  /**
   * Makes or changes a scheduler and adds its next job; the job that it replaces is removed.
   *
   * @return as it is then, perhaps over
   */
  StoredScheduler upsertScheduler(String id, Schedule schedule, JobRequest template, Instant now);

  Optional<StoredScheduler> scheduler(String id);

  /** As {@link dev.mainstay.queue.SchedulerControl#listSchedulers}. */
  Page<StoredScheduler> schedulers(Optional<String> cursor, int limit);

  /** Removes a scheduler, and its next job unless that is active; false if there is none. */
  boolean removeScheduler(String id, Instant now);

  /** The limits of a group, if it has some of its own. */
  Optional<GroupLimits> groupLimits(String group);

  /** Gives a group limits of its own, or takes them from it. */
  void setGroupLimits(String group, Optional<GroupLimits> limits);

  /** As {@link dev.mainstay.queue.QueueControl#groups}. */
  Page<JobGroup> groups(Optional<String> cursor, int limit);

  /**
   * Removes jobs that wait (delayed ones for {@link JobState#DELAYED}) and were not added by a
   * scheduler, up to {@link #BATCH}.
   */
  int drain(JobState state, Instant now);

  /**
   * Removes jobs of a state other than active that were added, or finished if they have, at or
   * before {@code before}: first those that would be taken first, or finished first.
   *
   * @param state not {@link JobState#WAITING_CHILDREN} either
   * @param limit at most {@link #BATCH}
   * @return their ids
   */
  List<String> clean(JobState state, Instant before, int limit, Instant now);

  /** Removes jobs of any state, up to {@link #BATCH}; those that are being changed may be left. */
  int removeAny(Instant now);

  /** Gives the queue and its groups the settings of one that has none. */
  void removeSettings();

  /**
   * As {@link #retry}, for those that finished at or before {@code before}, up to {@link #BATCH}.
   */
  int retryAll(JobState state, Instant before, Instant now);

  /** As {@link #promote}, for the first {@link #BATCH}. */
  int promoteAll(Instant now);
}
