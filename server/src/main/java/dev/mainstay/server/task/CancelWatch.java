package dev.mainstay.server.task;

import dev.mainstay.server.platform.Broadcast;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.PartThread;
import dev.mainstay.server.platform.ProcessEnd;
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
    this.thread = PartThread.start("cancel-watch", this::run);
  }

  private void run() throws InterruptedException {
    while (true) {
      Thread.sleep(INTERVAL);
      look();
    }
  }

  private void look() {
    try {
      Set<String> here = runs.taskIds();
      if (!here.isEmpty()) {
        database.read(sql -> store.canceled(sql, here)).forEach(runs::interrupt);
      }
    } catch (RuntimeException | Error e) {
      ProcessEnd.ifFatal(e);
      log.debug("Cancellations cannot be read; it is tried again", e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
