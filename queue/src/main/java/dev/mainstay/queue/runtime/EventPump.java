package dev.mainstay.queue.runtime;

import dev.mainstay.queue.EventControl;
import dev.mainstay.queue.QueueEvent;
import dev.mainstay.queue.QueueEventType;
import dev.mainstay.queue.QueueEvents;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.spi.QueueStore;
import dev.mainstay.queue.spi.Subscription;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the events of a queue as long as anybody waits for one: one thread and one reader,
 * however many wait. Its monitor protects all of it, and is never held over a call to the store.
 */
final class EventPump {
  private static final Logger LOG = LoggerFactory.getLogger(EventPump.class);

  /** How late an event of another process may be seen that no signal tells of. */
  private static final Duration POLL = Duration.ofMillis(100);

  /** How often those that wait look for themselves, whatever has been seen. */
  private static final Duration RECHECK = Duration.ofSeconds(2);

  private final QueueStore store;
  private final Set<Waiter> waiters = new HashSet<>();
  private @Nullable Thread thread;
  private boolean heard;

  EventPump(QueueStore store) {
    this.store = store;
  }

  /** Somebody who waits: for the end of a job, or for any event. */
  final class Waiter implements AutoCloseable {
    private final @Nullable String jobId;
    private boolean called = true;

    private Waiter(@Nullable String jobId) {
      this.jobId = jobId;
    }

    /**
     * Waits until it is worth to look again, which it is at first.
     *
     * @return false once {@link System#nanoTime} is at {@code deadline}
     */
    boolean await(long deadline) throws InterruptedException {
      synchronized (EventPump.this) {
        long recheck = System.nanoTime() + RECHECK.toNanos();
        while (!called && recheck - System.nanoTime() > 0) {
          long left = Math.min(deadline, recheck) - System.nanoTime();
          if (deadline - System.nanoTime() <= 0) {
            return false;
          }
          TimeUnit.NANOSECONDS.timedWait(EventPump.this, Math.max(1, left));
        }
        called = false;
        return true;
      }
    }

    @Override
    public void close() {
      synchronized (EventPump.this) {
        waiters.remove(this);
        EventPump.this.notifyAll();
      }
    }
  }

  /**
   * Somebody begins to wait; to be closed.
   *
   * @param jobId whose end is waited for; null for any event
   */
  synchronized Waiter waiter(@Nullable String jobId) {
    Waiter waiter = new Waiter(jobId);
    waiters.add(waiter);
    if (thread == null) {
      thread = Thread.ofVirtual().name("queue " + store.queue() + ", events").start(this::run);
    }
    return waiter;
  }

  private void run() {
    try (Subscription hearing = store.listenEvents(this::hear)) {
      String cursor = EventControl.NEWEST;
      while (awaitWork()) {
        cursor = step(cursor);
      }
    }
  }

  private String step(String cursor) {
    try {
      QueueEvents events = store.events(cursor, TaskQueue.MAX_PAGE);
      call(cursor.equals(EventControl.NEWEST), events);
      return events.next();
    } catch (RuntimeException | Error e) {
      // Nothing may end this thread but its last waiter.
      LOG.warn("queue {}: its events could not be read: {}", store.queue(), e.toString());
      return cursor;
    }
  }

  private synchronized void hear() {
    heard = true;
    notifyAll();
  }

  /**
   * Waits for the next time to look.
   *
   * @return false if nobody waits any more
   */
  private synchronized boolean awaitWork() {
    long deadline = System.nanoTime() + POLL.toNanos();
    try {
      while (!waiters.isEmpty() && !heard && deadline - System.nanoTime() > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
      }
    } catch (InterruptedException e) {
      // Nobody interrupts it; it ends with the last waiter.
    }
    heard = false;
    if (waiters.isEmpty()) {
      thread = null;
      return false;
    }
    return true;
  }

  /**
   * @param first true if what was before these events is not known
   */
  private synchronized void call(boolean first, QueueEvents events) {
    Set<String> ended = new HashSet<>();
    for (QueueEvent event : events.items()) {
      if (event.type() == QueueEventType.COMPLETED
          || event.type() == QueueEventType.FAILED
          || event.type() == QueueEventType.REMOVED) {
        event.jobId().ifPresent(ended::add);
      }
    }
    boolean all = first || events.gap();
    for (Waiter waiter : waiters) {
      boolean concerns =
          waiter.jobId == null ? !events.items().isEmpty() : ended.contains(waiter.jobId);
      waiter.called |= all || concerns;
    }
    notifyAll();
  }
}
