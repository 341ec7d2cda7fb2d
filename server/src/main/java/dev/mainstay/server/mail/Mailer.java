package dev.mainstay.server.mail;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Keyring;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.MailsRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Takes mails. One is a row of the caller's transaction: it is sent if, and only if, that is
 * committed, as soon as the mail server takes it, for a day. It comes a second time if this process
 * dies after the mail server has taken it and before that is written down; both have the same
 * {@code Message-ID}.
 */
public final class Mailer {
  /** What is older is of no use to anybody: links and codes have expired. */
  static final Duration LIFE = Duration.ofHours(24);

  private final MailStore store;
  private final Keyring keyring;
  private final InstantSource clock;
  private final MailSignal signal;
  private final boolean sends;

  Mailer(MailStore store, Keyring keyring, InstantSource clock, MailSignal signal, boolean sends) {
    this.store = store;
    this.keyring = keyring;
    this.clock = clock;
    this.signal = signal;
    this.sends = sends;
  }

  /** False where there is no mail server, so that mails are written to the server's log instead. */
  public boolean sends() {
    return sends;
  }

  /** Sends it after the commit. */
  public void send(Tx tx, Mail mail) {
    String id = Ids.next();
    Instant now = clock.instant();
    MailsRecord row = new MailsRecord();
    row.setId(id);
    row.setToAddress(mail.to());
    row.setKind(mail.kind());
    row.setSubject(mail.subject());
    row.setBodySealed(keyring.seal(mail.text(), context(id)));
    row.setState(MailState.PENDING.word());
    row.setAttempts(0);
    row.setNextAttemptAt(now);
    row.setCreatedAt(now);
    row.setExpiresAt(now.plus(LIFE));
    store.insert(tx, row);
    tx.afterCommit(signal::give);
  }

  /** Erases all mails to an address, those too that were not sent yet. */
  public void forget(Tx tx, String address) {
    store.deleteTo(tx, address);
  }

  /** The text of one that was not sent yet. */
  static String text(Keyring keyring, MailsRecord row) {
    return keyring.open(row.getBodySealed(), context(row.getId()));
  }

  private static String context(String id) {
    return "mails/" + id + "/body";
  }
}
