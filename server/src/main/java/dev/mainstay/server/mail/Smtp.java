package dev.mainstay.server.mail;

import jakarta.mail.Session;
import java.util.Properties;

/** How this process speaks SMTP (RFC 5321) to its mail server. */
final class Smtp {
  private static final String CONNECT_TIMEOUT_MILLIS = "10000";
  private static final String TIMEOUT_MILLIS = "30000";

  private final SmtpServer server;
  private final Sender from;
  private final Session session;

  Smtp(SmtpServer server, Sender from) {
    this.server = server;
    this.from = from;
    this.session = Session.getInstance(properties(server, from));
  }

  private static Properties properties(SmtpServer server, Sender from) {
    Properties properties = new Properties();
    properties.setProperty("mail.transport.protocol", "smtp");
    properties.setProperty("mail.smtp.connectiontimeout", CONNECT_TIMEOUT_MILLIS);
    properties.setProperty("mail.smtp.timeout", TIMEOUT_MILLIS);
    properties.setProperty("mail.smtp.writetimeout", TIMEOUT_MILLIS);
    properties.setProperty("mail.smtp.from", from.address());
    properties.setProperty("mail.smtp.auth", Boolean.toString(server.login().isPresent()));
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    properties.setProperty("mail.smtp.quitwait", "false");
    switch (server.security()) {
      case NONE -> properties.setProperty("mail.smtp.starttls.enable", "false");
      case STARTTLS -> {
        properties.setProperty("mail.smtp.starttls.enable", "true");
        properties.setProperty("mail.smtp.starttls.required", "true");
      }
      case TLS -> properties.setProperty("mail.smtp.ssl.enable", "true");
    }
    return properties;
  }

  /** Connects when there is something to send. */
  SmtpConversation converse() {
    return new SmtpConversation(server, from, session);
  }

  @Override
  public String toString() {
    return server.toString();
  }
}
