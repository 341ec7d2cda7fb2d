package dev.mainstay.server.event;

import dev.mainstay.server.platform.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Follows one task: first what the log holds after the reader's position, then what is committed,
 * each event once and in order, until the run is over or the server stops.
 */
final class EventStream {
  static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final int PAGE = 200;

  private final EventStore store;
  private final EventHub hub;
  private final InstantSource clock;

  EventStream(EventStore store, EventHub hub, InstantSource clock) {
    this.store = store;
    this.hub = hub;
    this.clock = clock;
  }

  /** Where events go. A send returns when the reader's side has taken it. */
  interface Sink {
    void send(Event event) throws IOException, InterruptedException;

    /** Nothing happened for a while: find out whether the reader is still there. */
    void heartbeat() throws IOException, InterruptedException;
  }

  /** Why the stream ended. */
  enum End {
    COMPLETE,
    SERVER_STOPS
  }

  End follow(String organizationId, String taskId, long after, Sink sink)
      throws IOException, InterruptedException {
    try (Subscription subscription = hub.subscribe(new EventHub.Topic(organizationId, taskId))) {
      long position = catchUp(organizationId, taskId, after, sink);
      if (isOver(organizationId, taskId, position)) {
        return End.COMPLETE;
      }
      while (true) {
        Subscription.Signal signal = subscription.await(HEARTBEAT).orElse(null);
        switch (signal) {
          case null -> sink.heartbeat();
          case Subscription.Signal.Ended ended -> {
            return End.SERVER_STOPS;
          }
          case Subscription.Signal.Behind behind -> {
            position = catchUp(organizationId, taskId, position, sink);
            // The end may have been among what only the log has.
            if (isOver(organizationId, taskId, position)) {
              return End.COMPLETE;
            }
          }
          case Subscription.Signal.Next(Event event) -> {
            if (!event.stored()) {
              sink.send(event);
            } else if (event.position() == position + 1) {
              sink.send(event);
              position = event.position();
            } else if (event.position() > position) {
              position = catchUp(organizationId, taskId, position, sink);
            }
            if (event.type().equals(Event.COMPLETE) && isOver(organizationId, taskId, position)) {
              return End.COMPLETE;
            }
          }
        }
      }
    }
  }

  private long catchUp(String organizationId, String taskId, long after, Sink sink)
      throws IOException, InterruptedException {
    long position = after;
    while (true) {
      List<Event> page = store.after(organizationId, taskId, position, PAGE);
      for (Event event : page) {
        if (event.position() > position + 1) {
          sink.send(gap(taskId, position + 1, event.position() - 1));
        }
        sink.send(event);
        position = event.position();
      }
      if (page.size() < PAGE) {
        return position;
      }
    }
  }

  /** Says which events the log no longer holds. */
  private Event gap(String taskId, long from, long to) {
    return new Event(
        null, taskId, Event.GAP, clock.instant(), Json.object().put("from", from).put("to", to));
  }

  /** A retried task has events after an earlier end. */
  private boolean isOver(String organizationId, String taskId, long position) {
    return store
        .last(organizationId, taskId)
        .map(last -> last.type().equals(Event.COMPLETE) && last.position() <= position)
        .orElse(true);
  }
}
