package dev.mainstay.server.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Broadcast;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The durable log of what happens to tasks: one sequence per task, from 1, without gaps. An event
 * is part of the transaction that it tells of; live readers get it once that is committed.
 */
public final class EventLog {
  private final EventStore store;
  private final EventHub hub;
  private final EventBroadcast broadcast;
  private final InstantSource clock;

  public EventLog(Database database, EventHub hub, Broadcast broadcast, InstantSource clock) {
    this.store = new EventStore(database);
    this.hub = hub;
    this.broadcast = new EventBroadcast(broadcast);
    this.clock = clock;
  }

  /**
   * Appends an event. The caller's transaction must already have written or locked the task's own
   * row, so that two writers of one task wait for each other there.
   */
  public void append(Tx tx, String organizationId, String taskId, String type, JsonNode data) {
    Event event = store.append(tx, organizationId, taskId, type, clock.instant(), data);
    tx.afterCommit(
        () -> {
          hub.publish(organizationId, event);
          broadcast.committed(organizationId, event);
        });
  }

  /** Shows something to those who watch now. It is not stored and may be missed. */
  public void delta(String organizationId, String taskId, JsonNode data) {
    Event delta = new Event(null, taskId, Event.DELTA, clock.instant(), data);
    hub.publish(organizationId, delta);
    broadcast.delta(organizationId, delta);
  }

  /**
   * Removes the events of tasks that finished longer ago than {@code kept}, batch by batch, until
   * there are none; others write in between. The newest event of each task stays, and with it the
   * sequence. Of several processes that do this at once, one does.
   *
   * @return how many were removed
   */
  public int prune(Duration kept) {
    Instant now = clock.instant();
    int removed = 0;
    EventStore.Pruned step;
    do {
      step = store.prune(now.minus(kept), now);
      removed += step.events();
    } while (step.more() && !Thread.currentThread().isInterrupted());
    return removed;
  }

  /** Removes all events of a task, in the transaction that removes the task. */
  public void remove(Tx tx, String organizationId, String taskId) {
    store.remove(tx, organizationId, taskId);
    tx.afterCommit(() -> hub.ended(organizationId, taskId));
  }
}
