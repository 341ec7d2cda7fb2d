package dev.mainstay.server.platform.http;

import dev.mainstay.server.platform.PartThread;
import dev.mainstay.server.platform.ProcessEnd;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections on which a request comes too slowly ("slowloris"): each byte starts Jetty's
 * idle timeout again, so a client that sends one now and then would hold its connection for ever. A
 * request's head must come within a time, and a body as well, unless it comes at a decent pace.
 * What has come in full may be answered for as long as that takes.
 */
final class SlowRequests extends AbstractLifeCycle {
  private static final Logger log = LoggerFactory.getLogger(SlowRequests.class);
  private static final long MIN_BODY_BYTES_PER_SECOND = 256;
  private static final Duration SELDOM = Duration.ofSeconds(1);

  private final Server server;
  private final Duration timeout;
  private Map<EndPoint, Progress> seen = Map.of();
  private @Nullable Thread thread;

  SlowRequests(Server server, Duration timeout) {
    this.server = server;
    this.timeout = timeout;
  }

  private enum Phase {
    /** Nothing has come, or empty lines alone, which may precede a request. */
    BEFORE,
    HEAD,
    BODY
  }

  /**
   * @param message which request of its connection it is
   * @param bytes that the connection had received when it was first seen so
   * @param since by {@code System.nanoTime}
   */
  private record Progress(Phase phase, long message, long bytes, long since) {
    boolean sameAs(Progress other) {
      return phase == other.phase && message == other.message;
    }
  }

  @Override
  protected void doStart() {
    thread = PartThread.start("slow-requests", this::run);
  }

  @Override
  protected void doStop() {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  private void run() throws InterruptedException {
    Duration fine = timeout.dividedBy(5);
    Duration every = fine.compareTo(SELDOM) < 0 ? fine : SELDOM;
    while (!isStopping() && !isStopped()) {
      Thread.sleep(every);
      try {
        look(System.nanoTime());
      } catch (RuntimeException | Error e) {
        ProcessEnd.ifFatal(e);
        log.warn("The connections could not be looked at: {}", e.toString());
      }
    }
  }

  private void look(long now) {
    Map<EndPoint, Progress> current = new HashMap<>();
    for (Connector connector : server.getConnectors()) {
      for (EndPoint endPoint : connector.getConnectedEndPoints()) {
        Progress progress = progress(endPoint, now);
        if (progress == null) {
          continue;
        }
        Progress before = seen.get(endPoint);
        if (before == null || !before.sameAs(progress)) {
          current.put(endPoint, progress);
        } else if (tooSlow(before, progress)) {
          log.debug("A request of {} comes too slowly", endPoint.getRemoteSocketAddress());
          endPoint.close();
        } else {
          current.put(endPoint, before);
        }
      }
    }
    seen = current;
  }

  /** Null if the connection waits for nothing that the client has begun to send. */
  private static @Nullable Progress progress(EndPoint endPoint, long now) {
    if (!(endPoint.getConnection() instanceof HttpConnection connection)) {
      return null;
    }
    Phase phase = phase(connection);
    return phase == null
        ? null
        : new Progress(phase, connection.getMessagesIn(), connection.getBytesIn(), now);
  }

  private static @Nullable Phase phase(HttpConnection connection) {
    HttpParser parser = connection.getParser();
    if (parser.isStart()) {
      return Phase.BEFORE;
    }
    if (parser.inHeaderState()) {
      return Phase.HEAD;
    }
    // Once it is answered, nobody may want the rest of the body.
    return parser.inContentState() && !connection.getGenerator().isCommitted() ? Phase.BODY : null;
  }

  private boolean tooSlow(Progress before, Progress now) {
    Duration time = Duration.ofNanos(now.since() - before.since());
    if (time.compareTo(timeout) < 0) {
      return false;
    }
    long bytes = now.bytes() - before.bytes();
    return switch (before.phase()) {
      case BEFORE -> bytes > 0;
      case HEAD -> true;
      case BODY -> bytes < MIN_BODY_BYTES_PER_SECOND * time.toMillis() / 1000;
    };
  }
}
