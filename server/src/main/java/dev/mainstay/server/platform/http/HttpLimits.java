package dev.mainstay.server.platform.http;

import io.javalin.config.JettyConfig;
import java.time.Duration;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;

/** What Jetty is told about connections: how many may wait, how long and how slow they may be. */
final class HttpLimits {
  /** Connections that the kernel holds until they are accepted; it may allow fewer. */
  private static final int BACKLOG = 1024;

  /** A connection that says nothing for so long ends, also in the middle of a header. */
  private static final long IDLE_MILLIS = 30_000;

  private HttpLimits() {}

  /**
   * @param requestTimeout how long a request may take to come
   */
  static void configure(JettyConfig jetty, Duration requestTimeout) {
    jetty.modifyHttpConfiguration(
        http -> {
          http.setRequestHeaderSize(HttpServer.MAX_HEADER_BYTES);
          http.setSendServerVersion(false);
        });
    jetty.modifyServer(
        server -> {
          server.setErrorHandler(new HttpErrors());
          server.addBean(new SlowRequests(server, requestTimeout));
          server.addEventListener(
              new LifeCycle.Listener() {
                @Override
                public void lifeCycleStarting(LifeCycle event) {
                  connectors((Server) event);
                }
              });
        });
    jetty.modifyServletContextHandler(handler -> handler.setErrorHandler(new HttpErrors()));
  }

  private static void connectors(Server server) {
    for (Connector connector : server.getConnectors()) {
      if (connector instanceof ServerConnector listening) {
        listening.setAcceptQueueSize(BACKLOG);
        listening.setIdleTimeout(IDLE_MILLIS);
      }
    }
  }
}
