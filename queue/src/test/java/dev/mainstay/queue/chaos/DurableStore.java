package dev.mainstay.queue.chaos;

import dev.mainstay.queue.TaskQueue;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A store that outlives what is done to it here. */
interface DurableStore extends AutoCloseable {

  /** What {@link Nodes#open} takes; a process needs nothing else. */
  String url();

  /** Ends whatever serves the store, as a crash does, and starts it again. */
  void crash() throws Exception;

  @Override
  void close() throws Exception;

  /**
   * A process's view of the queues in a store.
   *
   * @param queues each by its name
   */
  record Node(Function<String, TaskQueue> queues, AutoCloseable resources)
      implements AutoCloseable {
    private static final String QUEUE = "chaos";

    public Node {
      Map<String, TaskQueue> opened = new ConcurrentHashMap<>();
      Function<String, TaskQueue> open = queues;
      queues = name -> opened.computeIfAbsent(name, open);
    }

    TaskQueue queue(String name) {
      return queues.apply(name);
    }

    /** The one that most use. */
    TaskQueue queue() {
      return queue(QUEUE);
    }

    @Override
    public void close() throws Exception {
      resources.close();
    }
  }
}
