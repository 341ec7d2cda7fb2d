package dev.mainstay.queue.spi;

import dev.mainstay.queue.JobState;
import java.util.Optional;

/**
 * What came of a change to one job.
 *
 * @param done false if nothing was changed
 * @param found the state that the job was in; empty if there is no such job
 */
public record Change(boolean done, Optional<JobState> found) {

  public static final Change NOT_FOUND = new Change(false, Optional.empty());

  public static Change done(JobState found) {
    return new Change(true, Optional.of(found));
  }

  public static Change refused(JobState found) {
    return new Change(false, Optional.of(found));
  }
}
