package dev.mainstay.queue.chaos;

import dev.mainstay.queue.TaskQueue;

/** A store that outlives what is done to it here. */
interface DurableStore extends AutoCloseable {

  /** What {@link Nodes#open} takes; a process needs nothing else. */
  String url();

  /** Ends whatever serves the store, as a crash does, and starts it again. */
  void crash() throws Exception;

  @Override
  void close() throws Exception;

  /** A process's view of the queue in a store. */
  record Node(TaskQueue queue, AutoCloseable resources) implements AutoCloseable {

    @Override
    public void close() throws Exception {
      resources.close();
    }
  }
}
