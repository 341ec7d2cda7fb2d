package dev.mainstay.server.mail;

import dev.mainstay.server.schema.tables.records.MailsRecord;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A mail as it goes over the wire (RFC 5322): plain text, and the same as HTML. */
final class MailMessage extends MimeMessage {
  private static final String UTF_8 = StandardCharsets.UTF_8.name();
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.US);

  private final String id;

  private MailMessage(Session session, String id) {
    super(session);
    this.id = id;
  }

  static MimeMessage of(Session session, Sender from, MailsRecord mail, String text)
      throws MessagingException, UnsupportedEncodingException {
    MimeMessage message =
        new MailMessage(session, "<%s@%s>".formatted(mail.getId(), from.domain()));
    message.setFrom(
        from.name().isEmpty()
            ? new InternetAddress(from.address(), true)
            : new InternetAddress(from.address(), from.name(), UTF_8));
    message.setRecipient(Message.RecipientType.TO, new InternetAddress(mail.getToAddress(), true));
    message.setSubject(mail.getSubject(), UTF_8);
    message.setHeader("Date", DATE.format(mail.getCreatedAt().atOffset(ZoneOffset.UTC)));
    // RFC 3834: nobody's holiday notice comes back.
    message.setHeader("Auto-Submitted", "auto-generated");
    message.setContent(
        new MimeMultipart(
            "alternative",
            part(text, "plain"),
            part(MailHtml.of(mail.getSubject(), text), "html")));
    message.saveChanges();
    return message;
  }

  private static MimeBodyPart part(String text, String subtype) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    part.setText(text, UTF_8, subtype);
    return part;
  }

  /** The same at each attempt, so that a mail that comes twice can be told from two. */
  @Override
  protected void updateMessageID() throws MessagingException {
    setHeader("Message-ID", id);
  }
}
