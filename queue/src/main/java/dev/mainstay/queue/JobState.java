package dev.mainstay.queue;

/** BullMQ's job states, as far as this engine knows them. */
public enum JobState {
  WAITING,
  DELAYED,
  ACTIVE,
  COMPLETED,
  FAILED
}
