package dev.mainstay.queue;

/**
 * Thrown by a handler: not before the children are done. The job waits for them and has lost no
 * attempt (BullMQ's {@code WaitingChildrenError}); if none is left to wait for, it waits as any job
 * does.
 */
public final class WaitingChildrenException extends Exception {
  private static final long serialVersionUID = 1L;

  public WaitingChildrenException() {
    super("not before the children are done");
  }
}
