package dev.mainstay.server.mail;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Keyring;
import dev.mainstay.server.platform.KeyringException;
import dev.mainstay.server.schema.tables.records.MailsRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives mails to the mail server. An attempt is claimed for longer than a conversation takes, so of
 * several processes one sends, and another one only if that has died.
 *
 * <p>What the mail server has taken is written down after it has: if the process is killed in
 * between, the mail goes out a second time, with the same {@code Message-ID}.
 */
final class MailDelivery implements MailWorker.MailRound {
  private static final Logger log = LoggerFactory.getLogger(MailDelivery.class);

  /** Every step of a conversation may take the longest that it is waited for. */
  static final Duration LEASE = Duration.ofMinutes(6);

  /** After the first attempts; the last one counts for all that follow. */
  private static final List<Duration> BACKOFF =
      List.of(
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2));

  private static final int BATCH = 20;

  private final Database database;
  private final MailStore store;
  private final Keyring keyring;
  private final Smtp smtp;
  private final InstantSource clock;

  MailDelivery(
      Database database, MailStore store, Keyring keyring, Smtp smtp, InstantSource clock) {
    this.database = database;
    this.store = store;
    this.keyring = keyring;
    this.smtp = smtp;
    this.clock = clock;
  }

  @Override
  public void run(BooleanSupplier goesOn) {
    try (SmtpConversation conversation = smtp.converse()) {
      boolean reachable = true;
      while (reachable && goesOn.getAsBoolean()) {
        Optional<MailsRecord> next = claim();
        if (next.isEmpty()) {
          return;
        }
        // While the server is away, the others would wait for its time-outs one after another.
        reachable = deliver(conversation, next.get());
      }
    }
  }

  private Optional<MailsRecord> claim() {
    Instant now = clock.instant();
    List<String> due = database.read(sql -> store.due(sql, now, BATCH));
    for (String id : due) {
      Optional<MailsRecord> claimed =
          database.write(tx -> store.claim(tx, id, now, now.plus(LEASE)));
      if (claimed.isPresent()) {
        return claimed;
      }
    }
    return Optional.empty();
  }

  /** Returns false if the mail server cannot be used at all. */
  private boolean deliver(SmtpConversation conversation, MailsRecord mail) {
    try {
      conversation.send(mail, Mailer.text(keyring, mail));
    } catch (SmtpException e) {
      failed(mail, e.reason(), e.scope() == SmtpException.Scope.RECIPIENT);
      return e.scope() != SmtpException.Scope.SERVER;
    } catch (KeyringException e) {
      failed(mail, "Its text cannot be opened: was its secret key taken away?", false);
      return true;
    }
    database.execute(tx -> store.sent(tx, mail.getId(), clock.instant()));
    log.info("Sent mail {} ({})", mail.getId(), mail.getKind());
    return true;
  }

  private void failed(MailsRecord mail, String error, boolean forGood) {
    Instant next = forGood ? null : next(mail);
    database.execute(tx -> store.failed(tx, mail, error, next));
    log.warn(
        "Mail {} ({}) was not sent, {}: {}",
        mail.getId(),
        mail.getKind(),
        next == null ? "and is not tried again" : "it is tried again at " + next,
        error);
  }

  private @Nullable Instant next(MailsRecord mail) {
    Duration wait = BACKOFF.get(Math.min(mail.getAttempts(), BACKOFF.size()) - 1);
    Instant next = clock.instant().plus(wait);
    return next.isAfter(mail.getExpiresAt()) ? null : next;
  }
}
