package dev.mainstay.queue;

/** The job is in a state in which it cannot do what was asked. */
public final class JobStateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final JobState state;

  /**
   * @param rule what is allowed, as a sentence
   */
  public JobStateException(String id, JobState state, String rule) {
    super("Job %s is %s. %s".formatted(id, state, rule));
    this.state = state;
  }

  public JobState state() {
    return state;
  }
}
