package dev.mainstay.queue;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can happen in a queue; the words are those of BullMQ's {@code QueueEvents}. */
public enum QueueEventType {
  /** With {@code name}. What the job does then, to wait for example, is an event of its own. */
  ADDED,
  /** With {@code prev}, the state before, unless the job has just been added. */
  WAITING,
  WAITING_CHILDREN,
  /** With {@code delay}: when the job is due, in epoch milliseconds. */
  DELAYED,
  ACTIVE,
  /** With {@code data}: the progress, in JSON. */
  PROGRESS,
  COMPLETED,
  /** For good; with {@code failedReason}, cut at {@link QueueEvent#MAX_REASON_BYTES}. */
  FAILED,
  /** The worker of an active job has let its lease end. */
  STALLED,
  /** A job has failed with its last attempt; with {@code attemptsMade}. */
  RETRIES_EXHAUSTED,
  /** A job was not added; with {@code deduplicationId} and {@code deduplicatedJobId}. */
  DEDUPLICATED,
  /** A job was not added, for its id is there. */
  DUPLICATED,
  /** With {@code prev}. Not for finished jobs that are no longer kept. */
  REMOVED,
  /** With {@code count}. */
  CLEANED,
  /** A job has finished, and no other one waits or is active. */
  DRAINED,
  PAUSED,
  RESUMED;

  /** The name on the wire, {@code waiting-children} for example. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<QueueEventType> find(String word) {
    return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
  }
}
