package dev.mainstay.agent.tool;

import java.time.Duration;

/** The end of a bounded search; also where it notices an interrupt. */
final class Deadline {
  private final long end;

  Deadline(Duration time) {
    end = System.nanoTime() + time.toNanos();
  }

  /**
   * @return whether time is left
   * @throws InterruptedException if the thread was interrupted
   */
  boolean hasTime() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return !isOver();
  }

  boolean isOver() {
    return System.nanoTime() - end >= 0;
  }
}
