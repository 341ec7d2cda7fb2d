package dev.mainstay.server.event;

import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.ProcessEnd;
import dev.mainstay.server.platform.Tenant;
import dev.mainstay.server.platform.http.LiveAccess;
import dev.mainstay.server.platform.http.OpenStreams;
import dev.mainstay.server.platform.http.Principal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One WebSocket: a thread per subscription, and one frame on its way at a time. */
final class SocketConnection implements EventStream.Sink, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SocketConnection.class);

  /** A reader that takes nothing for this long is cut off; it resumes from its last seq. */
  private static final int SEND_TIMEOUT_SECONDS = 30;

  /**
   * RFC 6455 and the IANA registry: 1008 policy violation, 1012 service restart, 1013 try again
   * later.
   */
  static final int CLOSE_POLICY = 1008;

  static final int CLOSE_RESTART = 1012;

  static final int CLOSE_TRY_AGAIN = 1013;

  private final Session session;
  private final Principal principal;
  private final OpenStreams streams;
  private final OpenStreams.Place place;
  private final LiveAccess.Held held;
  private final ReentrantLock sending = new ReentrantLock();
  // Guarded by itself.
  private final Map<String, Following> subscriptions = new HashMap<>();
  private boolean closed; // guarded by subscriptions

  /**
   * @param place of the connection and one subscription; each further one takes another
   */
  SocketConnection(Session session, Principal principal, OpenStreams.Place place, LiveAccess live) {
    this.session = session;
    this.principal = principal;
    this.streams = live.streams();
    this.place = place;
    this.held = live.hold(principal, this::signedOut);
  }

  /** Nothing is sent from here on, whether or not the other side answers. */
  private void signedOut() {
    stop();
    session.close(CLOSE_POLICY, "not signed in any more", Callback.NOOP);
  }

  /** For whom all is done that the connection asks for. */
  Tenant tenant() {
    return principal.tenant();
  }

  String organizationId() {
    return principal.organizationId();
  }

  /** Follows something on a thread of its own, in place of an earlier subscription to the same. */
  void start(String taskId, Follow follow) {
    synchronized (subscriptions) {
      if (closed) {
        return;
      }
      unsubscribe(taskId);
      if (subscriptions.size() >= EventSocket.MAX_SUBSCRIPTIONS) {
        refuse("at most " + EventSocket.MAX_SUBSCRIPTIONS + " subscriptions per connection");
        return;
      }
      OpenStreams.Place own;
      try {
        own = subscriptions.isEmpty() ? null : streams.take(principal);
      } catch (ProblemException e) {
        refuse(e.problem().detail());
        return;
      }
      Following following = new Following(own);
      subscriptions.put(taskId, following);
      following.thread =
          Thread.ofVirtual()
              .name("ws-" + taskId)
              .start(() -> tenant().run(() -> run(taskId, following, follow)));
    }
  }

  void unsubscribe(String taskId) {
    synchronized (subscriptions) {
      Following following = subscriptions.remove(taskId);
      if (following != null) {
        following.end();
      }
    }
  }

  private void run(String taskId, Following following, Follow follow) {
    try {
      switch (follow.run()) {
        case SERVER_STOPS -> session.close(CLOSE_RESTART, "the server restarts", Callback.NOOP);
        case COMPLETE -> {
          synchronized (subscriptions) {
            if (subscriptions.remove(taskId, following)) {
              following.end();
            }
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      log.debug("A WebSocket's reader went away", e);
    } catch (RuntimeException | Error e) {
      ProcessEnd.ifFatal(e);
      log.error("A WebSocket subscription failed", e);
      session.close(CLOSE_TRY_AGAIN, "failed, try again", Callback.NOOP);
    }
  }

  @Override
  public void send(Event event) throws IOException, InterruptedException {
    sendText(Json.write(event));
  }

  @Override
  public void heartbeat() throws IOException, InterruptedException {
    Callback.Completable done = new Callback.Completable();
    sending.lockInterruptibly();
    try {
      session.sendPing(ByteBuffer.allocate(0), done);
      await(done);
    } finally {
      sending.unlock();
    }
  }

  /** Tells the client what was wrong with its message; the connection stays. */
  void refuse(String reason) {
    try {
      sendText(Json.write(Json.object().put("type", "error").put("message", reason)));
    } catch (IOException e) {
      log.debug("A WebSocket's reader went away", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sendText(String text) throws IOException, InterruptedException {
    Callback.Completable done = new Callback.Completable();
    sending.lockInterruptibly();
    try {
      session.sendText(text, done);
      await(done);
    } finally {
      sending.unlock();
    }
  }

  private void await(Callback.Completable done) throws IOException, InterruptedException {
    try {
      done.get(SEND_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (TimeoutException e) {
      session.close(CLOSE_TRY_AGAIN, "too slow, resume from your last seq", Callback.NOOP);
      session.disconnect();
      throw new IOException("the reader is too slow", e);
    }
  }

  @Override
  public void close() {
    held.close();
    stop();
    place.close();
  }

  private void stop() {
    synchronized (subscriptions) {
      closed = true;
      subscriptions.values().forEach(Following::end);
      subscriptions.clear();
    }
  }

  /** A subscription; guarded by subscriptions. */
  private static final class Following {
    private final OpenStreams.@Nullable Place place;
    private @Nullable Thread thread;

    Following(OpenStreams.@Nullable Place place) {
      this.place = place;
    }

    void end() {
      if (thread != null && thread != Thread.currentThread()) {
        thread.interrupt();
      }
      if (place != null) {
        place.close();
      }
    }
  }

  /** Follows one subscription to its end. */
  @FunctionalInterface
  interface Follow {
    EventStream.End run() throws IOException, InterruptedException;
  }
}
