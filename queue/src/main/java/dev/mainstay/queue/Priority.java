package dev.mainstay.queue;

/**
 * Four classes of urgency, by name; P0 is taken first. They are the numbers 0 to 3 of {@link
 * JobOptions#priority}: P0 is what BullMQ gives a job that names no priority.
 */
public enum Priority {
  P0(0),
  P1(1),
  P2(2),
  P3(3);

  private final int number;

  Priority(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
