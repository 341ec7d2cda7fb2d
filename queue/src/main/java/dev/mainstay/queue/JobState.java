package dev.mainstay.queue;

/** BullMQ's job states, as far as this engine knows them. */
public enum JobState {
  WAITING,
  /** Until all its children are done, see {@link FlowProducer}. */
  WAITING_CHILDREN,
  DELAYED,
  ACTIVE,
  COMPLETED,
  FAILED;

  /** True if nothing more is done with a job in this state. */
  public boolean finished() {
    return this == COMPLETED || this == FAILED;
  }
}
