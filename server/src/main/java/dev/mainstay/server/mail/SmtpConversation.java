package dev.mainstay.server.mail;

import dev.mainstay.server.schema.tables.records.MailsRecord;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.io.UnsupportedEncodingException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several mails, one after the other, over one connection. */
final class SmtpConversation implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SmtpConversation.class);

  private final SmtpServer server;
  private final Sender from;
  private final Session session;
  private final SmtpReplies replies;
  private @Nullable Transport open;

  SmtpConversation(SmtpServer server, Sender from, Session session) {
    this.server = server;
    this.from = from;
    this.session = session;
    this.replies = new SmtpReplies(server);
  }

  /** When it returns, the mail server has taken it. */
  void send(MailsRecord mail, String text) throws SmtpException {
    MimeMessage message = message(mail, text);
    Transport transport = connected();
    try {
      transport.sendMessage(message, message.getAllRecipients());
    } catch (MessagingException e) {
      // In what state it is now depends on the step that failed.
      close();
      throw replies.refused(e);
    }
  }

  private MimeMessage message(MailsRecord mail, String text) throws SmtpException {
    try {
      return MailMessage.of(session, from, mail, text);
    } catch (MessagingException | UnsupportedEncodingException e) {
      throw new SmtpException(
          SmtpException.Scope.MAIL, "It cannot be written: " + e.getClass().getSimpleName());
    }
  }

  private Transport connected() throws SmtpException {
    Transport before = open;
    if (before != null) {
      return before;
    }
    try {
      Transport transport = session.getTransport();
      transport.connect(
          server.host(),
          server.port(),
          server.login().map(SmtpServer.Login::user).orElse(null),
          server.login().map(login -> login.password().reveal()).orElse(null));
      open = transport;
      return transport;
    } catch (MessagingException e) {
      throw replies.unreachable(e);
    }
  }

  @Override
  public void close() {
    Transport transport = open;
    open = null;
    if (transport != null) {
      try {
        transport.close();
      } catch (MessagingException e) {
        log.debug("The connection to the mail server was gone", e);
      }
    }
  }
}
