package dev.mainstay.queue;

import java.time.Instant;

/**
 * Thrown by a handler: not yet. The job is delayed and has lost no attempt (BullMQ's {@code
 * DelayedError}).
 */
public final class DelayedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Instant until;

  /**
   * @param until when the job is due again; at once if that is past
   */
  public DelayedException(Instant until) {
    super("not before " + until);
    this.until = until;
  }

  public Instant until() {
    return until;
  }
}
