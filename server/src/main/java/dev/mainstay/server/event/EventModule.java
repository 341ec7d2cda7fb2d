package dev.mainstay.server.event;

import dev.mainstay.server.platform.Broadcast;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.http.AccessGuard;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.LiveAccess;
import io.javalin.config.JavalinConfig;
import java.time.InstantSource;
import java.util.List;

/** Everything that readers of events are served with. */
public final class EventModule {
  private final EventStore store;
  private final EventHub hub;
  private final EventEndpoints endpoints;
  private final EventSocket socket;

  public EventModule(Database database, EventHub hub, LiveAccess live, InstantSource clock) {
    this.store = new EventStore(database);
    this.hub = hub;
    EventStream stream = new EventStream(store, hub, clock);
    this.endpoints = new EventEndpoints(store, stream);
    this.socket = new EventSocket(store, hub, stream, live, clock);
  }

  public List<Endpoint<?>> endpoints() {
    return endpoints.endpoints();
  }

  /** Brings readers of this process what happens in others, until it is closed. */
  public AutoCloseable relay(Broadcast broadcast) {
    return new EventRelay(store, hub, broadcast);
  }

  /** Serves {@code /ws}. */
  public void serveSocket(JavalinConfig config, AccessGuard guard) {
    socket.register(config, guard);
  }
}
