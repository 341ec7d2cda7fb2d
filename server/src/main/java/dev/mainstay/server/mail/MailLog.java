package dev.mainstay.server.mail;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Keyring;
import dev.mainstay.server.platform.KeyringException;
import dev.mainstay.server.schema.tables.records.MailsRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes mails to the log where there is no mail server, each once, links and codes included: that
 * is how the operator of a small instance gets at them. They stay pending, so a mail server that is
 * named within a day still sends them.
 */
final class MailLog implements MailWorker.MailRound {
  private static final Logger log = LoggerFactory.getLogger(MailLog.class);
  private static final int BATCH = 50;

  private final Database database;
  private final MailStore store;
  private final Keyring keyring;
  private final InstantSource clock;

  MailLog(Database database, MailStore store, Keyring keyring, InstantSource clock) {
    this.database = database;
    this.store = store;
    this.keyring = keyring;
    this.clock = clock;
  }

  @Override
  public void run(BooleanSupplier goesOn) {
    List<String> ids;
    do {
      Instant now = clock.instant();
      ids = database.read(sql -> store.unlogged(sql, now, BATCH));
      for (String id : ids) {
        database.execute(
            tx ->
                store
                    .claimForLog(tx, id, now)
                    .ifPresent(row -> tx.afterCommit(() -> log.info(written(row)))));
      }
    } while (!ids.isEmpty() && goesOn.getAsBoolean());
  }

  private String written(MailsRecord row) {
    return "Mail that is not sent, for there is no MAINSTAY_SMTP_URL\n  To: %s\n  Subject: %s\n\n%s"
        .formatted(row.getToAddress(), row.getSubject(), indented(row));
  }

  /** No line of it looks like one of the log, and none does anything to a terminal. */
  private String indented(MailsRecord row) {
    try {
      return Mailer.text(keyring, row)
          .replaceAll("[\\p{Cntrl}&&[^\n\t]]", "\uFFFD")
          .indent(2)
          .stripTrailing();
    } catch (KeyringException e) {
      return "  (" + e.getMessage() + ")";
    }
  }
}
