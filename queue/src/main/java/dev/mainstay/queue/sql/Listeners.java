package dev.mainstay.queue.sql;

import dev.mainstay.queue.spi.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who wants to hear of which queue. */
final class Listeners {
  private final List<Listener> all = new CopyOnWriteArrayList<>();

  /** Not a record: two for the same are two. */
  private static final class Listener {
    private final String queue;
    private final Runnable heard;

    private Listener(String queue, Runnable heard) {
      this.queue = queue;
      this.heard = heard;
    }
  }

  Subscription add(String queue, Runnable heard) {
    Listener listener = new Listener(queue, heard);
    all.add(listener);
    return () -> all.remove(listener);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  void tell(String queue) {
    for (Listener listener : all) {
      if (listener.queue.equals(queue)) {
        listener.heard.run();
      }
    }
  }

  void tellAll() {
    all.forEach(listener -> listener.heard.run());
  }

  void clear() {
    all.clear();
  }
}
