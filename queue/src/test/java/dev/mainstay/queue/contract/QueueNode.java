package dev.mainstay.queue.contract;

import dev.mainstay.queue.FlowProducer;
import dev.mainstay.queue.TaskQueue;

/** What one process sees of a store: two nodes share nothing but the store. */
public interface QueueNode extends AutoCloseable {

  TaskQueue queue();

  /** Another queue in the same store. */
  TaskQueue queue(String name);

  /** Adds flows to any queues of the store. */
  FlowProducer flowProducer();

  /** Makes every call to the store fail, until {@link #heal}. */
  void cut();

  void heal();

  /** Calls to the store that have failed for being cut. */
  int refusals();

  @Override
  void close();
}
