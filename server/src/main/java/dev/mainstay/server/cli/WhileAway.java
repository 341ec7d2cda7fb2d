package dev.mainstay.server.cli;

import dev.mainstay.server.platform.Databases;
import dev.mainstay.server.platform.Deadline;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries again what failed only because the store is away: a command may begin in an outage. */
final class WhileAway {
  private static final Logger log = LoggerFactory.getLogger(WhileAway.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private WhileAway() {}

  /**
   * Runs work until it succeeds, fails for another reason, or the store is still away at the end of
   * the time that a start has ({@code MAINSTAY_DATABASE_WAIT}).
   *
   * @param work may be run again after it has failed
   */
  static <T> T retry(Deadline deadline, Supplier<T> work) {
    boolean told = false;
    while (true) {
      try {
        return work.get();
      } catch (RuntimeException e) {
        boolean over = deadline.isOver() || Thread.currentThread().isInterrupted();
        if (over || !Databases.isAway(e)) {
          throw e;
        }
        if (!told) {
          told = true;
          log.info("The store is away; trying again");
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }
}
