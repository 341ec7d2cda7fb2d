package dev.mainstay.server.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Broadcast;
import dev.mainstay.server.platform.Json;
import java.time.Instant;

/** Events on their way to other processes: of stored ones their position, deltas whole. */
final class EventBroadcast {
  private static final String COMMITTED = "event";
  private static final String DELTA = "delta";

  private final Broadcast broadcast;

  EventBroadcast(Broadcast broadcast) {
    this.broadcast = broadcast;
  }

  /** Who gets them on the other side. */
  interface Receiver {
    void committed(EventHub.Topic task, long position);

    void delta(String organizationId, Event delta);
  }

  void committed(String organizationId, Event event) {
    boolean unused =
        broadcast.send(COMMITTED, organizationId + " " + event.taskId() + " " + event.position());
  }

  /** One that is too long for a message is missed by readers elsewhere, as deltas may be. */
  void delta(String organizationId, Event delta) {
    if (broadcast.hasPeers()) {
      boolean unused = broadcast.send(DELTA, organizationId + " " + Json.write(delta));
    }
  }

  void receive(Receiver receiver) {
    broadcast.listen(
        COMMITTED,
        text -> {
          String[] parts = text.split(" ", 3);
          receiver.committed(new EventHub.Topic(parts[0], parts[1]), Long.parseLong(parts[2]));
        });
    broadcast.listen(
        DELTA,
        text -> {
          String[] parts = text.split(" ", 2);
          receiver.delta(parts[0], parse(Json.read(parts[1])));
        });
  }

  private static Event parse(JsonNode json) {
    return new Event(
        null,
        json.path("taskId").asText(),
        json.path("type").asText(),
        Instant.parse(json.path("at").asText()),
        json.path("data"));
  }
}
