package dev.mainstay.server.task;

import dev.mainstay.server.platform.Broadcast;
import dev.mainstay.server.platform.Database;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interrupts the runs of this process that somebody has canceled: at once if it hears of it, and
 * within a second in any case, as when the task was canceled just before its run began.
 */
final class CancelWatch implements AutoCloseable {
  static final String TOPIC = "cancel";

  private static final Logger log = LoggerFactory.getLogger(CancelWatch.class);
  private static final Duration INTERVAL = Duration.ofMillis(700);

  private final Database database;
  private final TaskStore store;
  private final RunRegistry runs;
  private final Thread thread;

  CancelWatch(Database database, TaskStore store, RunRegistry runs, Broadcast broadcast) {
    this.database = database;
    this.store = store;
    this.runs = runs;
    broadcast.listen(TOPIC, runs::interrupt);
    this.thread = Thread.ofVirtual().name("cancel-watch").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    Set<String> here = runs.taskIds();
    if (here.isEmpty()) {
      return;
    }
    try {
      database.read(sql -> store.canceled(sql, here)).forEach(runs::interrupt);
    } catch (RuntimeException e) {
      log.debug("Cancellations cannot be read; it is tried again", e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
