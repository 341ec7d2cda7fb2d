package dev.mainstay.queue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * What happens in a queue, as any process can follow it (BullMQ's {@code QueueEvents}). Events are
 * stored with what they are about, in the same transaction. About the newest {@link #KEPT_EVENTS}
 * are kept, and no more than {@link #KEPT_BYTES}.
 */
public interface EventControl {
  /** The cursor before the oldest event that is kept. */
  String OLDEST = "0";

  /** The cursor after the newest event. */
  String NEWEST = "$";

  int KEPT_EVENTS = 10_000;

  /** Of all events of a queue, as they are stored. */
  int KEPT_BYTES = 16 * 1024 * 1024;

  /** The longest that one call waits. */
  Duration MAX_WAIT = Duration.ofMinutes(5);

  /**
   * Events after a cursor, in the order in which their transactions were committed. Who reads on
   * with {@link QueueEvents#next} each time misses none and sees none twice.
   *
   * @param cursor {@link #OLDEST}, {@link #NEWEST}, {@link QueueEvents#next} or {@link
   *     QueueEvent#cursor}
   * @param limit 1 to {@link TaskQueue#MAX_PAGE}
   * @param wait how long to wait for the first if there is none, from zero to {@link #MAX_WAIT}
   * @throws IllegalArgumentException the cursor is not one of this queue's events
   */
  QueueEvents events(String cursor, int limit, Duration wait) throws InterruptedException;

  /**
   * Waits until a job has finished, in whatever process it runs (BullMQ's {@code
   * waitUntilFinished}).
   *
   * @param timeout from zero to {@link JobOptions#MAX_DELAY}
   * @return the finished job; empty if it is gone
   * @throws TimeoutException it has not finished in this time
   */
  Optional<Job> awaitFinished(String id, Duration timeout)
      throws InterruptedException, TimeoutException;
}
