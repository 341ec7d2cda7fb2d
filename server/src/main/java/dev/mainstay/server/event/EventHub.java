package dev.mainstay.server.event;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands committed events and deltas to those who watch from this process: the stored events of a
 * task in their order, whatever the order in which they come here.
 */
public final class EventHub implements AutoCloseable {
  private static final int MAX_TASKS = 10_000;

  private final Map<Topic, Set<Subscription>> subscriptions = new ConcurrentHashMap<>();
  private final ReentrantLock giving = new ReentrantLock();

  /** The newest event of each task that watchers got; guarded by giving, which orders them. */
  private final Map<String, Long> given =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_TASKS;
        }
      };

  private volatile GapFiller gaps = (topic, after) -> false;
  private volatile boolean closed;

  /** What one watches: a task, or ({@link #ALL}) every task of an organization. */
  record Topic(String organizationId, String taskId) {
    static final String ALL = "*";
  }

  /** Brings events that were committed but have not come here yet. */
  @FunctionalInterface
  interface GapFiller {
    /**
     * Publishes, soon, what the log holds after a position.
     *
     * @return false if it does not
     */
    boolean fill(Topic task, long after);
  }

  void fillGaps(GapFiller filler) {
    gaps = filler;
  }

  Subscription subscribe(Topic topic) {
    Subscription subscription = new Subscription(() -> {});
    subscriptions.compute(
        topic,
        (key, present) -> {
          Set<Subscription> set = present == null ? new CopyOnWriteArraySet<>() : present;
          set.add(subscription);
          return set;
        });
    subscription.onClose(() -> remove(topic, subscription));
    if (closed) {
      subscription.end();
    }
    return subscription;
  }

  private void remove(Topic topic, Subscription subscription) {
    subscriptions.computeIfPresent(
        topic,
        (key, set) -> {
          set.remove(subscription);
          return set.isEmpty() ? null : set;
        });
  }

  /** Never blocks for long: a subscription that is full notes that it is behind. */
  void publish(String organizationId, Event event) {
    Topic task = new Topic(organizationId, event.taskId());
    if (!event.stored()) {
      give(task, event);
      return;
    }
    giving.lock();
    try {
      Long last = given.get(task.taskId());
      if (last != null && event.position() <= last) {
        return;
      }
      if (last != null && event.position() > last + 1 && gaps.fill(task, last)) {
        return;
      }
      given.put(task.taskId(), event.position());
      give(task, event);
    } finally {
      giving.unlock();
    }
  }

  /** As {@link #publish}, for what was read from the log: what is not there will not come. */
  void publishNext(String organizationId, Event event) {
    Topic task = new Topic(organizationId, event.taskId());
    giving.lock();
    try {
      Long last = given.get(task.taskId());
      if (last == null || event.position() > last) {
        given.put(task.taskId(), event.position());
        give(task, event);
      }
    } finally {
      giving.unlock();
    }
  }

  private void give(Topic task, Event event) {
    offer(task, event);
    offer(new Topic(task.organizationId(), Topic.ALL), event);
  }

  private void offer(Topic topic, Event event) {
    for (Subscription subscription : subscriptions.getOrDefault(topic, Set.of())) {
      subscription.offer(event);
    }
  }

  boolean watches(Topic task) {
    return subscriptions.containsKey(task)
        || subscriptions.containsKey(new Topic(task.organizationId(), Topic.ALL));
  }

  /** The tasks that are watched one by one. */
  List<Topic> watchedTasks() {
    return subscriptions.keySet().stream()
        .filter(topic -> !topic.taskId().equals(Topic.ALL))
        .toList();
  }

  /** The newest event of a task that watchers got from here, as far as that is remembered. */
  OptionalLong given(String taskId) {
    giving.lock();
    try {
      Long last = given.get(taskId);
      return last == null ? OptionalLong.empty() : OptionalLong.of(last);
    } finally {
      giving.unlock();
    }
  }

  /** Forgets a task that nobody watches, whose next event begins anew. */
  void forget(String taskId) {
    giving.lock();
    try {
      given.remove(taskId);
    } finally {
      giving.unlock();
    }
  }

  /** Sends those who watch a task to the log, which is at {@code position} or further. */
  void behind(Topic task, long position) {
    giving.lock();
    try {
      given.merge(task.taskId(), position, Math::max);
    } finally {
      giving.unlock();
    }
    behind(task);
  }

  private void behind(Topic topic) {
    subscriptions.getOrDefault(topic, Set.of()).forEach(Subscription::behind);
  }

  /** Sends those who watch a task that is gone to the log, where they find its end. */
  void ended(String organizationId, String taskId) {
    forget(taskId);
    behind(new Topic(organizationId, taskId));
  }

  /** Sends everybody to the log. */
  void allBehind() {
    subscriptions.keySet().forEach(this::behind);
  }

  /** Ends every subscription: the streams close with a hint to come back. */
  @Override
  public void close() {
    closed = true;
    subscriptions.values().forEach(set -> set.forEach(Subscription::end));
  }
}
