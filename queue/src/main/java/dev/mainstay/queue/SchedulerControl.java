package dev.mainstay.queue;

import java.util.Optional;

/** The job schedulers of a queue. They are stored, and hold for every process. */
public interface SchedulerControl {

  /**
   * Makes a scheduler, or changes the one with this id; its next job is replaced then, unless it is
   * active.
   *
   * @param id unique in its queue, 1 to {@link JobRequest#MAX_NAME_LENGTH} characters
   * @param template without an id, a delay or deduplication
   * @throws IllegalArgumentException the schedule never comes, or not within {@link
   *     JobOptions#MAX_DELAY}
   */
  JobScheduler upsertScheduler(String id, Schedule schedule, JobRequest template);

  Optional<JobScheduler> findScheduler(String id);

  /**
   * Schedulers by id.
   *
   * @param cursor {@link Page#next} of the page before; empty for the first
   * @param limit 1 to {@link TaskQueue#MAX_PAGE}
   */
  Page<JobScheduler> listSchedulers(Optional<String> cursor, int limit);

  /**
   * Removes a scheduler and its next job, unless that is active.
   *
   * @return false if there is none
   */
  boolean removeScheduler(String id);
}
