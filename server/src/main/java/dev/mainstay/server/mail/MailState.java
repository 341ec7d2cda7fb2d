package dev.mainstay.server.mail;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How far a mail is. Only a retry leads out of {@code FAILED}, and nothing out of {@code SENT}. */
enum MailState {
  PENDING,
  SENT,
  FAILED;

  /** As it is stored and shown. */
  @JsonValue
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static MailState of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
