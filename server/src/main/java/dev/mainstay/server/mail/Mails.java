package dev.mainstay.server.mail;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Keyring;
import dev.mainstay.server.platform.KeyringException;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Page;
import dev.mainstay.server.schema.tables.records.MailsRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the instance's administrators see of mails, and do to them. */
final class Mails {
  private final Database database;
  private final MailStore store;
  private final Keyring keyring;
  private final InstantSource clock;
  private final MailSignal signal;

  Mails(
      Database database, MailStore store, Keyring keyring, InstantSource clock, MailSignal signal) {
    this.database = database;
    this.store = store;
    this.keyring = keyring;
    this.clock = clock;
    this.signal = signal;
  }

  Page<MailView> list(Optional<String> before, int limit) {
    List<MailsRecord> rows = database.read(sql -> store.list(sql, before, limit + 1));
    return Page.of(rows, limit, row -> view(row, null), MailsRecord::getId);
  }

  MailView find(String id) {
    return database
        .read(sql -> store.find(sql, id))
        .map(row -> view(row, text(row)))
        .orElseThrow(() -> ProblemException.notFound("mail"));
  }

  /** Tries it again now, and for another day. */
  MailView retry(String id) {
    database.execute(
        tx -> {
          MailsRecord row = store.lock(tx, id).orElseThrow(() -> ProblemException.notFound("mail"));
          if (row.getToAddress().isEmpty()) {
            throw ProblemException.conflict("mail-erased", "The mail's address was erased");
          }
          Instant now = clock.instant();
          switch (MailState.of(row)) {
            case PENDING, LOGGED -> store.hasten(tx, id, now, now.plus(Mailer.LIFE));
            case FAILED -> store.revive(tx, id, now, now.plus(Mailer.LIFE));
            case SENT -> throw ProblemException.conflict("mail-sent", "The mail was sent");
          }
          tx.afterCommit(signal::give);
        });
    return find(id);
  }

  private @Nullable String text(MailsRecord row) {
    if (row.getBodySealed().isEmpty()) {
      return null;
    }
    try {
      return Mailer.text(keyring, row);
    } catch (KeyringException e) {
      return null; // its key is not configured any more; delivery says so in lastError
    }
  }

  private static MailView view(MailsRecord row, @Nullable String text) {
    return new MailView(
        row.getId(),
        row.getToAddress(),
        row.getKind(),
        row.getSubject(),
        MailState.of(row),
        row.getAttempts(),
        row.getLastError(),
        row.getCreatedAt(),
        row.getSentAt(),
        text);
  }
}
