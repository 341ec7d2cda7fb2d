package dev.mainstay.queue;

/**
 * The four classes of urgency; P0 is taken first. Within one class jobs are first in, first out.
 */
public enum Priority {
  P0,
  P1,
  P2,
  P3
}
