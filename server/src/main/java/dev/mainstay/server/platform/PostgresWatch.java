package dev.mainstay.server.platform;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows within a moment that the server does not answer: it asks it over a session of its own,
 * twice a second. As long as it is away nobody waits for it: work is refused at once, and work that
 * has not begun to commit is given up, so that its caller knows that nothing has happened.
 */
final class PostgresWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PostgresWatch.class);
  private static final Duration EVERY = Duration.ofMillis(500);

  /** A server that says nothing for so long is away; one under load is not. */
  static final Duration ANSWER = Duration.ofSeconds(2);

  private final DataSource sessions;
  private final Runnable whenCut;
  private final Set<Pending<?>> pending = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile @Nullable String away;
  private volatile boolean closed;

  /**
   * @param sessions whose answers do not take longer than {@link #ANSWER}
   * @param whenCut called when the server had ended the session
   */
  PostgresWatch(DataSource sessions, Runnable whenCut) {
    this.sessions = sessions;
    this.whenCut = whenCut;
    this.thread = PartThread.start("postgres-watch", this::run);
  }

  private enum Stage {
    OPEN,
    COMMITTING,
    GIVEN_UP
  }

  /** Work that a caller waits for. */
  final class Pending<T extends @Nullable Object> implements AutoCloseable {
    private final CompletableFuture<T> done = new CompletableFuture<>();
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.OPEN);

    private Pending() {}

    CompletableFuture<T> done() {
      return done;
    }

    /**
     * From here on only the server knows what happens.
     *
     * @throws StorageAwayException if the caller does not wait any more
     */
    void commits() {
      if (!stage.compareAndSet(Stage.OPEN, Stage.COMMITTING)) {
        throw new StorageAwayException("the caller waits no more");
      }
    }

    /** The server has said that the transaction is undone. */
    void undone() {
      boolean unused = stage.compareAndSet(Stage.COMMITTING, Stage.OPEN);
    }

    boolean isOpen() {
      return stage.get() == Stage.OPEN;
    }

    private void giveUp(String reason) {
      if (stage.compareAndSet(Stage.OPEN, Stage.GIVEN_UP)) {
        done.completeExceptionally(new StorageAwayException(reason));
      }
    }

    @Override
    public void close() {
      pending.remove(this);
    }
  }

  /**
   * @throws StorageAwayException if the server is away
   */
  <T extends @Nullable Object> Pending<T> begin() {
    Pending<T> work = new Pending<>();
    pending.add(work);
    String reason = away;
    if (reason != null) {
      work.close();
      throw new StorageAwayException(reason);
    }
    return work;
  }

  private void run() throws InterruptedException {
    while (!closed) {
      try (Connection session = sessions.getConnection()) {
        back();
        while (session.isValid((int) ANSWER.toSeconds())) {
          Thread.sleep(EVERY);
        }
        whenCut.run();
      } catch (SQLException | RuntimeException | Error e) {
        ProcessEnd.ifFatal(e);
        goneAway(PostgresErrors.reason(e));
        Thread.sleep(EVERY);
      }
    }
  }

  private void back() {
    if (away != null) {
      away = null;
      log.debug("PostgreSQL answers again");
    }
  }

  private void goneAway(String reason) {
    if (closed) {
      return;
    }
    away = "PostgreSQL is away: " + reason;
    pending.forEach(work -> work.giveUp(String.valueOf(away)));
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
