package dev.mainstay.queue.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that works on one connection, gets another one when that fails, and can be ended. */
final class SignalThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SignalThread.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration END = Duration.ofSeconds(5);

  private final String name;
  private final Signals.Connections connections;
  private final Task task;
  private @Nullable Thread thread;
  private volatile boolean closed;

  /** What is done on a connection. */
  @FunctionalInterface
  interface Task {
    /** Returns once {@link SignalThread#closed} is true, for which it must look often. */
    void run(Connection connection) throws SQLException, InterruptedException;
  }

  SignalThread(String name, Signals.Connections connections, Task task) {
    this.name = name;
    this.connections = connections;
    this.task = task;
  }

  /** Starts it, if it does not run yet and is not closed. */
  synchronized void start() {
    if (thread == null && !closed) {
      thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }
  }

  boolean closed() {
    return closed;
  }

  private void run() {
    boolean failing = false;
    while (!closed) {
      try (Connection connection = connections.open()) {
        failing = false;
        task.run(connection);
      } catch (InterruptedException e) {
        // closed says whether this is the end
      } catch (SQLException | RuntimeException | Error e) {
        if (!failing && !closed) {
          LOG.warn("{}: {}; workers poll until it works again", name, e.toString());
        }
        failing = true;
        pause();
      }
    }
  }

  private void pause() {
    try {
      if (!closed) {
        Thread.sleep(RETRY);
      }
    } catch (InterruptedException e) {
      // closed says whether this is the end
    }
  }

  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      closed = true;
      running = thread;
      thread = null;
    }
    if (running == null) {
      return;
    }
    running.interrupt();
    try {
      running.join(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
