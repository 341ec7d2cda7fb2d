package dev.mainstay.server;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.event.EventLog;
import dev.mainstay.server.mail.MailModule;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.PartThread;
import dev.mainstay.server.platform.ProcessEnd;
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
  private final AuditLog audit;
  private final Database database;
  private final HttpServer http;
  private final Kept kept;
  private final Thread thread;

  /** For how long what is kept. */
  record Kept(Duration workspaces, Duration events, Duration audit) {}

  Housekeeping(
      TaskModule tasks,
      EventLog events,
      MailModule mails,
      AuditLog audit,
      Database database,
      HttpServer http,
      Kept kept) {
    this.tasks = tasks;
    this.events = events;
    this.mails = mails;
    this.audit = audit;
    this.database = database;
    this.http = http;
    this.kept = kept;
    this.thread = PartThread.start("housekeeping", this::run);
  }

  private void run() throws InterruptedException {
    while (true) {
      Thread.sleep(INTERVAL);
      once();
    }
  }

  private void once() throws InterruptedException {
    try {
      tasks.removeOldWorkspaces(kept.workspaces());
      events.prune(kept.events());
      audit.prune(database, kept.audit());
      mails.tidy();
      http.pruneAnswers();
    } catch (RuntimeException | Error e) {
      ProcessEnd.ifFatal(e);
      log.warn("Housekeeping failed; it is tried again", e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
