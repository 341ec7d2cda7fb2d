package dev.mainstay.server.event;

import dev.mainstay.server.platform.Broadcast;
import dev.mainstay.server.platform.PartThread;
import dev.mainstay.server.platform.ProcessEnd;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the watchers of this process what others have committed: it hears that a task has a new
 * event, and reads it from the log. Now and then it compares the watched tasks with the log, for
 * messages may get lost.
 */
final class EventRelay implements AutoCloseable, EventBroadcast.Receiver {
  private static final Logger log = LoggerFactory.getLogger(EventRelay.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int PAGE = 200;
  private static final int TASKS_PER_QUERY = 500;

  private final EventStore store;
  private final EventHub hub;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by lock, as is stopping.
  private final Set<Wanted> wanted = new LinkedHashSet<>();
  private boolean stopping;
  private final Thread thread;

  /** Events of a task that are to be read, from after a position. */
  private record Wanted(EventHub.Topic task, long after) {}

  EventRelay(EventStore store, EventHub hub, Broadcast broadcast) {
    this.store = store;
    this.hub = hub;
    this.thread = PartThread.unstarted("event-relay", this::run);
    if (broadcast != Broadcast.NONE) {
      hub.fillGaps(this::want);
      new EventBroadcast(broadcast).receive(this);
      broadcast.whenLost(hub::allBehind);
      thread.start();
    }
  }

  @Override
  public void committed(EventHub.Topic task, long position) {
    if (!hub.watches(task)) {
      hub.forget(task.taskId());
      return;
    }
    OptionalLong given = hub.given(task.taskId());
    if (given.orElse(0) < position) {
      boolean unused = want(task, given.orElse(position - 1));
    }
  }

  @Override
  public void delta(String organizationId, Event delta) {
    hub.publish(organizationId, delta);
  }

  private boolean want(EventHub.Topic task, long after) {
    lock.lock();
    try {
      wanted.add(new Wanted(task, after));
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    long nextLook = System.nanoTime() + LOOK_NANOS;
    while (true) {
      try {
        List<Wanted> batch = await(nextLook);
        if (batch.isEmpty() && isStopping()) {
          return;
        }
        batch.forEach(this::bring);
        if (System.nanoTime() - nextLook >= 0) {
          nextLook = System.nanoTime() + LOOK_NANOS;
          look();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        ProcessEnd.ifFatal(e);
        // What was to be read now is found at the next look.
        log.warn("Events of other processes cannot be read: {}", e.toString());
      }
    }
  }

  private List<Wanted> await(long until) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = until - System.nanoTime();
      while (wanted.isEmpty() && !stopping && left > 0) {
        left = changed.awaitNanos(left);
      }
      List<Wanted> batch = List.copyOf(wanted);
      wanted.clear();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private boolean isStopping() {
    lock.lock();
    try {
      return stopping;
    } finally {
      lock.unlock();
    }
  }

  private void bring(Wanted from) {
    String organization = from.task().organizationId();
    String task = from.task().taskId();
    long position = Math.max(from.after(), hub.given(task).orElse(0));
    while (true) {
      List<Event> page = store.after(organization, task, position, PAGE);
      for (Event event : page) {
        hub.publishNext(organization, event);
        position = event.position();
      }
      if (page.size() < PAGE) {
        return;
      }
    }
  }

  private void look() {
    List<EventHub.Topic> watched = hub.watchedTasks();
    for (int from = 0; from < watched.size(); from += TASKS_PER_QUERY) {
      List<EventHub.Topic> some =
          watched.subList(from, Math.min(watched.size(), from + TASKS_PER_QUERY));
      Map<String, Long> positions =
          store.positions(some.stream().map(EventHub.Topic::taskId).collect(Collectors.toSet()));
      for (EventHub.Topic task : some) {
        long position = positions.getOrDefault(task.taskId(), 0L);
        if (hub.given(task.taskId()).orElse(0) < position) {
          hub.behind(task, position);
        }
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    lock.lock();
    try {
      stopping = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
    thread.join();
  }
}
