package dev.mainstay.queue.contract;

/** What an engine may lack; the contract then asserts what it does instead. */
public enum Feature {
  /** Jobs with a group, and limits of groups; else both are refused. */
  GROUPS,

  /** Limits of units; else they are refused. */
  UNIT_LIMITS,

  /** A job that waits again keeps its place; else one that is given back goes before all others. */
  KEPT_PLACES,

  /** Events have the time of the queue's clock, and tell of each step; else they are BullMQ's. */
  OWN_EVENTS,

  /** A failed child is kept as long as a parent waits for it; else only as its options say. */
  NEEDED_CHILDREN,

  /** Last in, first out at every priority; else only at priority 0. */
  LIFO_OF_EVERY_PRIORITY,

  /**
   * A rate holds in every stretch of time, by the clock of the queue; else it holds in stretches
   * that begin with a job, by the clock of the engine.
   */
  SLIDING_RATES
}
