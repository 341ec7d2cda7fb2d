package dev.mainstay.server.event;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.http.AccessGuard;
import dev.mainstay.server.platform.http.Endpoint;
import io.javalin.config.JavalinConfig;
import java.time.InstantSource;
import java.util.List;

/** Everything that readers of events are served with. */
public final class EventModule {
  private final EventEndpoints endpoints;
  private final EventSocket socket;

  public EventModule(Database database, EventHub hub, InstantSource clock) {
    EventStore store = new EventStore(database);
    EventStream stream = new EventStream(store, hub, clock);
    this.endpoints = new EventEndpoints(store, stream);
    this.socket = new EventSocket(store, hub, stream, clock);
  }

  public List<Endpoint<?>> endpoints() {
    return endpoints.endpoints();
  }

  /** Serves {@code /ws}. */
  public void serveSocket(JavalinConfig config, AccessGuard guard) {
    socket.register(config, guard);
  }
}
