package dev.mainstay.server.mail;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A mail and what became of it.
 *
 * @param kind what it is for, such as verify-email
 * @param state {@code logged} where there is no mail server: a mail server that is configured
 *     within a day still sends it
 * @param lastError why the last attempt failed
 * @param text absent in lists, and once it was sent
 */
record MailView(
    String id,
    String to,
    String kind,
    String subject,
    MailState state,
    int attempts,
    @Nullable String lastError,
    Instant createdAt,
    @Nullable Instant sentAt,
    @Nullable String text) {

  /** Without the text, which may hold a secret. */
  @Override
  public String toString() {
    return "MailView[%s %s]".formatted(id, state);
  }
}
