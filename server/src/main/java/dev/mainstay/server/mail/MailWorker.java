package dev.mainstay.server.mail;

import dev.mainstay.server.platform.Databases;
import dev.mainstay.server.platform.PartThread;
import dev.mainstay.server.platform.ProcessEnd;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for mail when it is told of some, and every few seconds: what other processes have taken
 * in, and what is due again. Closing waits a moment for the mail server's answer to the mail at
 * hand.
 */
final class MailWorker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MailWorker.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final MailSignal signal;
  private final MailRound round;
  private final Thread thread;
  private volatile boolean stopping;

  /** Deals with all mail that is due. */
  interface MailRound {
    /**
     * @param goesOn false once no further mail may be begun
     */
    void run(BooleanSupplier goesOn);
  }

  MailWorker(MailSignal signal, MailRound round) {
    this.signal = signal;
    this.round = round;
    this.thread = PartThread.start("mail", this::run);
  }

  private void run() throws InterruptedException {
    while (!stopping) {
      look();
      signal.await(INTERVAL);
    }
  }

  private void look() {
    try {
      round.run(() -> !stopping);
    } catch (RuntimeException | Error e) {
      ProcessEnd.ifFatal(e);
      if (Databases.isAway(e)) {
        log.debug("Mails cannot be read; it is tried again", e);
      } else {
        log.warn("Sending mail failed; it is tried again", e);
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    stopping = true;
    signal.give();
    if (!thread.join(DRAIN)) {
      thread.interrupt();
      thread.join();
    }
  }
}
