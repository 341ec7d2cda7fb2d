package dev.mainstay.server;

import dev.mainstay.server.event.EventLog;
import dev.mainstay.server.mail.MailModule;
import dev.mainstay.server.platform.http.HttpServer;
import dev.mainstay.server.task.TaskModule;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes, now and then and a little at a time, what has been kept long enough. */
final class Housekeeping implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration INTERVAL = Duration.ofMinutes(5);

  private final TaskModule tasks;
  private final EventLog events;
  private final MailModule mails;
  private final HttpServer http;
  private final Duration workspaces;
  private final Duration eventRetention;
  private final Thread thread;

  Housekeeping(
      TaskModule tasks,
      EventLog events,
      MailModule mails,
      HttpServer http,
      Duration workspaces,
      Duration eventRetention) {
    this.tasks = tasks;
    this.events = events;
    this.mails = mails;
    this.http = http;
    this.workspaces = workspaces;
    this.eventRetention = eventRetention;
    this.thread = Thread.ofVirtual().name("housekeeping").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        once();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void once() throws InterruptedException {
    try {
      tasks.removeOldWorkspaces(workspaces);
      events.prune(eventRetention);
      mails.tidy();
      http.pruneAnswers();
    } catch (RuntimeException e) {
      log.warn("Housekeeping failed; it is tried again", e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
