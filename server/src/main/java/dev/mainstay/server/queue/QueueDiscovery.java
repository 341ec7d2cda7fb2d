package dev.mainstay.server.queue;

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
    this.thread = Thread.ofVirtual().name("queue discovery").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        look();
        Thread.sleep(INTERVAL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      queues.discover();
    } catch (RuntimeException e) {
      log.debug("Queues in Redis cannot be looked for now", e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
