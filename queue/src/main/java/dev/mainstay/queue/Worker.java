package dev.mainstay.queue;

import java.time.Duration;

/** Takes jobs of one queue and runs them, up to its concurrency, until it is closed. */
public interface Worker extends AutoCloseable {

  /** Jobs that run here now. */
  int active();

  /** Takes no new jobs; those that run go on. Idempotent. */
  void pause();

  /**
   * Takes no new jobs, waits for those that run, then interrupts the rest and gives them back to
   * the queue, where they are due at once and have lost no attempt. Idempotent and complete: when
   * it returns no handler runs.
   */
  void close(Duration grace);

  @Override
  default void close() {
    close(Duration.ZERO);
  }
}
