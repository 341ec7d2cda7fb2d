package dev.mainstay.server.platform;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread with a session of its own, which gets another one when that fails. */
final class SessionThread implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SessionThread.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration END = Duration.ofSeconds(5);

  private final String name;
  private final PostgresDatabase database;
  private final Work work;
  private final Thread thread;
  private volatile boolean closed;

  /** What is done in a session. */
  @FunctionalInterface
  interface Work {
    /** Returns once {@link #closed} is true, for which it must look often. */
    void run(Connection session) throws SQLException, InterruptedException;
  }

  SessionThread(String name, PostgresDatabase database, Work work) {
    this.name = name;
    this.database = database;
    this.work = work;
    this.thread = PartThread.unstarted(name, this::run);
  }

  SessionThread start() {
    thread.start();
    return this;
  }

  boolean closed() {
    return closed;
  }

  private void run() {
    boolean failing = false;
    while (!closed) {
      try (Connection session = database.session()) {
        failing = false;
        work.run(session);
      } catch (InterruptedException e) {
        // closed says whether this is the end
      } catch (SQLException | RuntimeException | Error e) {
        ProcessEnd.ifFatal(e);
        if (!failing && !closed) {
          log.warn("{}: {}; it is tried again", name, PostgresErrors.reason(e));
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
    closed = true;
    thread.interrupt();
    try {
      thread.join(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
