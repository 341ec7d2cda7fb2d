package dev.mainstay.server.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.http.AccessGuard;
import dev.mainstay.server.platform.http.LiveAccess;
import dev.mainstay.server.platform.http.OpenStreams;
import dev.mainstay.server.platform.http.Permission;
import dev.mainstay.server.platform.http.Principal;
import dev.mainstay.server.platform.http.Upgrades;
import io.javalin.config.JavalinConfig;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Events over a WebSocket: {@code {"type":"subscribe","taskId":…,"after":SEQ}} and {@code
 * {"type":"unsubscribe","taskId":…}}; {@code taskId "*"} follows every task of the caller's
 * organization from now on.
 */
final class EventSocket {
  static final int MAX_SUBSCRIPTIONS = 100;
  private static final String PATH = "/ws";
  private static final String PRINCIPAL = "principal";
  private static final String PLACE = "place";
  private static final int MAX_TASK_ID = 64;
  private static final int MAX_MESSAGE_BYTES = 4096;

  private final EventStore store;
  private final EventHub hub;
  private final EventStream stream;
  private final LiveAccess live;
  private final InstantSource clock;
  private final Map<String, SocketConnection> connections = new ConcurrentHashMap<>();

  EventSocket(
      EventStore store, EventHub hub, EventStream stream, LiveAccess live, InstantSource clock) {
    this.store = store;
    this.hub = hub;
    this.stream = stream;
    this.live = live;
    this.clock = clock;
  }

  /** Serves {@code /ws}; an upgrade request is admitted like any other. */
  void register(JavalinConfig config, AccessGuard guard) {
    config.jetty.modifyWebSocketServletFactory(
        factory -> factory.setMaxTextMessageSize(MAX_MESSAGE_BYTES));
    config.routes.wsBeforeUpgrade(
        PATH,
        context -> {
          Principal principal = guard.admitUpgrade(context, Permission.TASKS_READ);
          context.attribute(PLACE, Upgrades.place(context, live.streams(), principal));
          context.attribute(PRINCIPAL, principal);
        });
    config.routes.ws(PATH, this::configure);
  }

  private void configure(WsConfig ws) {
    ws.onConnect(
        context -> {
          context.session.setIdleTimeout(Duration.ofMinutes(5));
          connections.put(
              context.sessionId(),
              new SocketConnection(context.session, principal(context), place(context), live));
        });
    ws.onMessage(
        context -> {
          SocketConnection connection = connections.get(context.sessionId());
          if (connection != null) {
            connection.tenant().run(() -> receive(connection, context.message()));
          }
        });
    ws.onClose(context -> forget(context.sessionId()));
    ws.onError(context -> forget(context.sessionId()));
  }

  private static Principal principal(WsContext context) {
    return admitted(context.attribute(PRINCIPAL));
  }

  private static OpenStreams.Place place(WsContext context) {
    return admitted(context.attribute(PLACE));
  }

  private static <T> T admitted(@Nullable T attribute) {
    if (attribute == null) {
      throw new IllegalStateException("the upgrade was not admitted");
    }
    return attribute;
  }

  private void forget(String sessionId) {
    SocketConnection connection = connections.remove(sessionId);
    if (connection != null) {
      connection.close();
    }
  }

  private void receive(SocketConnection connection, String text) {
    JsonNode message;
    try {
      message = Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      connection.refuse("not valid JSON");
      return;
    }
    String task = message.path("taskId").asText("");
    if (task.isEmpty() || task.length() > MAX_TASK_ID || task.indexOf('\0') >= 0) {
      connection.refuse("taskId is missing, too long or not one");
      return;
    }
    switch (message.path("type").asText("")) {
      case "subscribe" -> subscribe(connection, task, message.path("after"));
      case "unsubscribe" -> connection.unsubscribe(task);
      default -> connection.refuse("type must be subscribe or unsubscribe");
    }
  }

  private void subscribe(SocketConnection connection, String task, JsonNode after) {
    if (!after.isMissingNode()
        && (!after.canConvertToLong() || !after.isIntegralNumber() || after.asLong() < 0)) {
      connection.refuse("after must be a whole number from 0");
      return;
    }
    String organization = connection.organizationId();
    if (task.equals(EventHub.Topic.ALL)) {
      connection.start(task, () -> followAll(organization, connection));
      return;
    }
    if (store.last(organization, task).isEmpty()) {
      connection.refuse("there is no such task");
      return;
    }
    connection.start(task, () -> stream.follow(organization, task, after.asLong(0), connection));
  }

  /** Live only: an organization's events have no common sequence. What was dropped is a gap. */
  private EventStream.End followAll(String organizationId, SocketConnection connection)
      throws java.io.IOException, InterruptedException {
    try (Subscription subscription =
        hub.subscribe(new EventHub.Topic(organizationId, EventHub.Topic.ALL))) {
      while (true) {
        switch (subscription.await(EventStream.HEARTBEAT).orElse(null)) {
          case null -> connection.heartbeat();
          case Subscription.Signal.Ended ended -> {
            return EventStream.End.SERVER_STOPS;
          }
          case Subscription.Signal.Behind behind ->
              connection.send(
                  new Event(null, EventHub.Topic.ALL, Event.GAP, clock.instant(), Json.object()));
          case Subscription.Signal.Next(Event event) -> connection.send(event);
        }
      }
    }
  }
}
