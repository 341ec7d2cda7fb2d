package dev.mainstay.queue;

import java.time.Duration;
import java.util.List;

/**
 * What can be done to a job that has been added. Every method throws {@link JobNotFoundException}
 * for an id that is not there, and {@link JobStateException} for a job whose state does not allow
 * it; nothing has changed then.
 */
public interface JobControl {

  /**
   * Removes a job and its logs, unless it is active. If it is the next of a job scheduler, that
   * goes on with the one after it.
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
}
