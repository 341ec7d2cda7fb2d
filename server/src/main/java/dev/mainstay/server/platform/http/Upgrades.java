package dev.mainstay.server.platform.http;

import io.javalin.http.Context;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;

/** Upgrades to WebSocket, which may come to nothing after they have been admitted. */
public final class Upgrades {
  private Upgrades() {}

  /**
   * A place for the connection that the upgrade becomes; given back if it becomes none.
   *
   * @throws dev.mainstay.server.platform.ProblemException 429 if there are too many
   */
  public static OpenStreams.Place place(Context upgrade, OpenStreams streams, Principal principal) {
    OpenStreams.Place place = streams.take(principal);
    ServletContextRequest request = ServletContextRequest.getServletContextRequest(upgrade.req());
    Request.addCompletionListener(
        request,
        failure -> {
          int status = request.getServletContextResponse().getStatus();
          if (failure != null || status != HttpStatus.SWITCHING_PROTOCOLS_101) {
            place.close();
          }
        });
    return place;
  }
}
