package dev.mainstay.queue.contract;

import dev.mainstay.queue.TaskQueue;

/** What one process sees of a store: two nodes share nothing but the store. */
public interface QueueNode extends AutoCloseable {

  TaskQueue queue();

  /** Makes every call to the store fail, until {@link #heal}. */
  void cut();

  void heal();

  /** Calls to the store that have failed for being cut. */
  int refusals();

  @Override
  void close();
}
