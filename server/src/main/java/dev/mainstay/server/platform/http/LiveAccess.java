package dev.mainstay.server.platform.http;

import dev.mainstay.server.platform.Databases;
import dev.mainstay.server.platform.PartThread;
import dev.mainstay.server.platform.ProcessEnd;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what stays open for a caller, a stream or a socket, within a second after its key or session
 * was revoked, has run out, acts in another organization or may do less now, in whatever process
 * that was: one look at all credentials in use, twice a second.
 */
public final class LiveAccess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LiveAccess.class);
  private static final Duration EVERY = Duration.ofMillis(500);

  private final Authenticator authenticator;
  private final OpenStreams streams;
  private final Set<Held> open = ConcurrentHashMap.newKeySet();
  private final Thread watcher;
  private volatile boolean closed;

  public LiveAccess(Authenticator authenticator, OpenStreams streams) {
    this.authenticator = authenticator;
    this.streams = streams;
    this.watcher = PartThread.start("live-access", this::run);
  }

  /** How much may be open. */
  public OpenStreams streams() {
    return streams;
  }

  /**
   * Something is open for a caller, until it is closed.
   *
   * @param end ends it; called once at most, by another thread, and not after {@link Held#close}
   */
  public Held hold(Principal principal, Runnable end) {
    Held held = new Held(principal, end);
    open.add(held);
    return held;
  }

  /** What is open for a caller. */
  public final class Held implements AutoCloseable {
    private final Principal principal;
    private final Runnable end;
    // Guarded by this.
    private boolean over;
    private boolean ended;

    private Held(Principal principal, Runnable end) {
      this.principal = principal;
      this.end = end;
    }

    private synchronized void end() {
      open.remove(this);
      if (!over) {
        over = true;
        ended = true;
        end.run();
      }
    }

    /** True if it was ended since its credential does not hold any more. */
    public synchronized boolean ended() {
      return ended;
    }

    @Override
    public void close() {
      open.remove(this);
      synchronized (this) {
        over = true;
      }
    }
  }

  private void run() {
    while (!closed) {
      try {
        Thread.sleep(EVERY);
        look();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        ProcessEnd.ifFatal(e);
        if (!closed && !Databases.isAway(e)) {
          log.warn("The credentials of open streams could not be checked: {}", e.toString());
        }
      }
    }
  }

  private void look() {
    Set<Principal> used = open.stream().map(held -> held.principal).collect(Collectors.toSet());
    if (used.isEmpty()) {
      return;
    }
    Map<Principal, Principal> current = authenticator.current(used);
    // Those that came meanwhile are looked at the next time.
    open.stream()
        .filter(held -> used.contains(held.principal))
        .filter(held -> !holds(held.principal, current.get(held.principal)))
        .toList()
        .forEach(Held::end);
  }

  private static boolean holds(Principal before, @Nullable Principal now) {
    return now != null && now.stillIs(before);
  }

  @Override
  public void close() {
    closed = true;
    watcher.interrupt();
  }
}
