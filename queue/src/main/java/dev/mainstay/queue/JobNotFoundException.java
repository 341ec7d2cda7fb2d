package dev.mainstay.queue;

/** There is no such job, or no longer. */
public final class JobNotFoundException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobNotFoundException(String id) {
    super("There is no job " + id);
  }
}
