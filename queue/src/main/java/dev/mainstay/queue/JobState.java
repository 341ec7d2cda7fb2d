package dev.mainstay.queue;

/** BullMQ's job states, as far as this engine knows them. */
public enum JobState {
  WAITING,
  DELAYED,
  ACTIVE,
  COMPLETED,
  FAILED;

  /** True if nothing more is done with a job in this state. */
  public boolean finished() {
    return this == COMPLETED || this == FAILED;
  }
}
