package dev.mainstay.server.mail;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.mainstay.server.schema.tables.records.MailsRecord;
import java.util.Locale;

/** How far a mail is. Only a retry leads out of {@code FAILED}, and nothing out of {@code SENT}. */
enum MailState {
  PENDING,
  /** Written to the server's log, because there is no mail server. It is stored as pending. */
  LOGGED,
  SENT,
  FAILED;

  /** As it is shown, and stored. */
  @JsonValue
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static MailState of(MailsRecord row) {
    MailState stored = valueOf(row.getState().toUpperCase(Locale.ROOT));
    return stored == PENDING && row.getNextAttemptAt() == null ? LOGGED : stored;
  }
}
