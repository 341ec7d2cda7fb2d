package dev.mainstay.server.queue;

import dev.mainstay.server.platform.PartThread;
import dev.mainstay.server.platform.ProcessEnd;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks now and then for queues that BullMQ's clients have made, so that lists show them. */
public final class QueueDiscovery implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QueueDiscovery.class);

  /** A look reads the names of all keys in Redis. */
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private final Queues queues;
  private final Thread thread;

  /** Starts; the first look is at once. */
  public QueueDiscovery(Queues queues) {
    this.queues = queues;
    this.thread = PartThread.start("queue discovery", this::run);
  }

  private void run() throws InterruptedException {
    while (true) {
      look();
      Thread.sleep(INTERVAL);
    }
  }

  private void look() {
    try {
      queues.discover();
    } catch (RuntimeException | Error e) {
      ProcessEnd.ifFatal(e);
      log.debug("Queues in Redis cannot be looked for now", e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
