package dev.mainstay.queue;

import java.time.Duration;
import java.util.Optional;

/**
 * How a job is kept from being there twice, in the modes of BullMQ 6. A job whose id is taken is
 * not added; {@link TaskQueue#add} returns the job that has the id. A job of {@link #simple} has it
 * until it is finished or removed.
 *
 * @param id what is not to be there twice, 1 to {@link JobRequest#MAX_NAME_LENGTH} characters
 * @param ttl the id is taken for this time instead, 1 millisecond to {@link JobOptions#MAX_DELAY}
 * @param extend a job that is not added lets the time begin anew
 * @param replace a job that is still delayed is replaced by the new one
 * @param keepLastIfActive while the job is active, the newest that was not added is kept, and added
 *     when the job has finished; a ttl does not count then
 * @param reschedule a job that is still delayed gets the delay of the one that was not added
 */
public record Deduplication(
    String id,
    Optional<Duration> ttl,
    boolean extend,
    boolean replace,
    boolean keepLastIfActive,
    boolean reschedule) {

  /**
   * @throws IllegalArgumentException a value is out of range
   */
  public Deduplication {
    Limits.name("deduplication id", id);
    ttl.ifPresent(value -> Limits.range("ttl", value, Duration.ofMillis(1), JobOptions.MAX_DELAY));
  }

  /** At most one job that is not finished. */
  public static Deduplication simple(String id) {
    return new Deduplication(id, Optional.empty(), false, false, false, false);
  }

  /** At most one job added within a time, the first. */
  public static Deduplication throttle(String id, Duration ttl) {
    return new Deduplication(id, Optional.of(ttl), false, false, false, false);
  }

  /** The last of the jobs that are added before one of them is due; give them a delay. */
  public static Deduplication debounce(String id, Duration ttl) {
    return new Deduplication(id, Optional.of(ttl), true, true, false, false);
  }

  /** At most one active job, and one after it with the newest data. */
  public static Deduplication keepLast(String id) {
    return new Deduplication(id, Optional.empty(), false, false, true, false);
  }

  /** As {@link #simple}; a job that is still delayed is put off each time. */
  public static Deduplication rescheduling(String id) {
    return new Deduplication(id, Optional.empty(), false, false, false, true);
  }

  /** How long the id is taken, if a job that begins to have it does not end that. */
  public Optional<Duration> time() {
    return keepLastIfActive ? Optional.empty() : ttl;
  }
}
