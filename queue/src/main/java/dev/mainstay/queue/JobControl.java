package dev.mainstay.queue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What can be done to a job that has been added. Every method throws {@link JobNotFoundException}
 * for an id that is not there, and {@link JobStateException} for a job whose state does not allow
 * it; nothing has changed then.
 */
public interface JobControl {

  /**
   * Removes a job and its logs, unless it is active. If it is the next of a job scheduler, that
   * goes on with the one after it. Children that it still waits for are removed too, and theirs; if
   * one of them is active nothing is removed. Its own parent no longer waits for it.
   */
  void remove(String id);

  /**
   * Ends a job that waits, or interrupts the handler of one that is active, in whatever process it
   * runs, within a second. The job is failed then, with {@code canceled: reason}, and is not tried
   * again; one whose handler returns in spite of the interrupt is completed.
   *
   * @return {@link JobState#FAILED} if it is over, {@link JobState#ACTIVE} if its worker will hear
   */
  JobState cancel(String id, String reason);

  /** Makes a failed or completed job wait again; its attempts go on counting. */
  void retry(String id);

  /** Makes a delayed job wait now. */
  void promote(String id);

  /**
   * @param delay from now, from zero to {@link JobOptions#MAX_DELAY}; the job is delayed
   */
  void changeDelay(String id, Duration delay);

  /**
   * Changes the priority of a job that waits or is delayed.
   *
   * @param lifo true to put it before the others of that priority
   */
  void changePriority(String id, int priority, boolean lifo);

  /** Replaces the data, in any state; a handler that runs keeps what it got. */
  void updateData(String id, String data);

  /** As {@link JobContext#updateProgress}. */
  void updateProgress(String id, String progress);

  /** As {@link JobContext#log}. */
  void log(String id, String line);

  /**
   * The lines of a job's log, oldest first.
   *
   * @param offset lines to leave out, counted from the oldest that is kept
   * @param limit 1 to {@link TaskQueue#MAX_PAGE}
   * @return no lines if there is no such job
   */
  List<String> logs(String id, int offset, int limit);

  /**
   * The children of a job, by queue and id (BullMQ's {@code getDependencies}).
   *
   * @param cursor {@link Page#next} of the page before; empty for the first
   * @param limit 1 to {@link TaskQueue#MAX_PAGE}
   * @return no items if there is no such job, or if it has no children
   * @throws IllegalArgumentException the cursor is not one of this list
   */
  Page<Dependency> dependencies(String id, Optional<String> cursor, int limit);

  /** How many children a job has in each state, every state named. */
  Map<DependencyState, Long> countDependencies(String id);
}
