package dev.mainstay.server.event;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;

/** Hands committed events and deltas to those who watch from this process. */
public final class EventHub implements AutoCloseable {
  private final Map<Topic, Set<Subscription>> subscriptions = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** What one watches: a task, or ({@link #ALL}) every task of an organization. */
  record Topic(String organizationId, String taskId) {
    static final String ALL = "*";
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

  /** Never blocks: a subscription that is full notes that it is behind. */
  void publish(String organizationId, Event event) {
    offer(new Topic(organizationId, event.taskId()), event);
    offer(new Topic(organizationId, Topic.ALL), event);
  }

  private void offer(Topic topic, Event event) {
    for (Subscription subscription : subscriptions.getOrDefault(topic, Set.of())) {
      subscription.offer(event);
    }
  }

  /** Ends every subscription: the streams close with a hint to come back. */
  @Override
  public void close() {
    closed = true;
    subscriptions.values().forEach(set -> set.forEach(Subscription::end));
  }
}
