package dev.mainstay.server;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.event.EventLog;
import dev.mainstay.server.mail.MailModule;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Databases;
import dev.mainstay.server.platform.PartThread;
import dev.mainstay.server.platform.ProcessEnd;
import dev.mainstay.server.platform.http.HttpServer;
import dev.mainstay.server.task.TaskModule;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes, now and then and a little at a time, what has been kept long enough. */
final class Housekeeping implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration INTERVAL = Duration.ofMinutes(5);
  private static final Duration FIRST = Duration.ofSeconds(20);

  private final TaskModule tasks;
  private final EventLog events;
  private final MailModule mails;
  private final AuditLog audit;
  private final Database database;
  private final HttpServer http;
  private final Kept kept;
  private final Thread thread;

  /** For how long what is kept. */
  record Kept(Duration workspaces, Duration events, Duration audit, Optional<Duration> tasks) {}

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
    Thread.sleep(FIRST);
    while (true) {
      once();
      Thread.sleep(INTERVAL);
    }
  }

  private void once() throws InterruptedException {
    // What fails keeps nothing else from being tidied.
    step(() -> tasks.removeOldWorkspaces(kept.workspaces()));
    step(() -> tasks.deleteOld(kept.tasks()));
    step(() -> events.prune(kept.events()));
    step(() -> audit.prune(database, kept.audit()));
    step(mails::tidy);
    step(http::pruneAnswers);
  }

  private static void step(PartThread.Rounds step) throws InterruptedException {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      ProcessEnd.ifFatal(e);
      if (Databases.isAway(e)) {
        log.debug("Housekeeping has to wait", e);
      } else {
        log.warn("Housekeeping failed; it is tried again", e);
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
