package dev.mainstay.queue;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Something that has happened in a queue.
 *
 * @param cursor reads on after this event, see {@link EventControl#events}
 * @param jobId the job that it is about; empty if it is about the queue
 * @param details by name, see {@link QueueEventType}; what a job has returned is not among them
 */
public record QueueEvent(
    String cursor,
    Instant at,
    QueueEventType type,
    Optional<String> jobId,
    Map<String, String> details) {
  /** Bound of a failed reason in an event, in UTF-8; a longer one is cut. */
  public static final int MAX_REASON_BYTES = 1024;
}
