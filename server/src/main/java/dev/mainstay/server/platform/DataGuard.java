package dev.mainstay.server.platform;

import java.time.Duration;

/**
 * Ends the process within seconds after its data directory was deleted, moved or replaced, as
 * PostgreSQL does when its lock file is gone: what it acknowledged from then on would be lost.
 */
public final class DataGuard implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final DataDirectory data;
  private final Thread thread;
  private volatile boolean closed;

  public DataGuard(DataDirectory data) {
    this.data = data;
    data.databaseOpened();
    this.thread = PartThread.start("data-guard", this::run);
  }

  private void run() throws InterruptedException {
    while (!closed) {
      Thread.sleep(EVERY);
      if (!closed && !data.isThere()) {
        ProcessEnd.now(
            ProcessEnd.DATA_LOST,
            "The data directory %s was deleted, moved or replaced".formatted(data.path()));
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.interrupt();
    thread.join();
  }
}
