package dev.mainstay.queue.memory;

import dev.mainstay.queue.runtime.StoreTaskQueue;
import java.time.InstantSource;

/**
 * A queue that forgets everything with its process, for tests and development. It does all that the
 * durable ones do, but for jobs within a transaction.
 */
public final class MemoryTaskQueue extends StoreTaskQueue {
  public MemoryTaskQueue(String name, InstantSource clock) {
    super(new MemoryQueues().store(name), clock);
  }
}
