package dev.mainstay.server.mail;

import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.SettingException;
import dev.mainstay.server.platform.Settings;
import java.util.Optional;

/**
 * How mails leave the server.
 *
 * @param server mails go to the log without one
 */
public record MailConfig(Optional<SmtpServer> server, Sender from) {

  /**
   * @throws SettingException with one sentence that shows no password
   */
  public static MailConfig from(Settings settings) {
    return new MailConfig(
        settings.text(Setting.SMTP_URL).map(MailConfig::server),
        settings.parse(Setting.MAIL_FROM, Sender::parse));
  }

  private static SmtpServer server(String url) {
    try {
      return SmtpServer.parse(url);
    } catch (SmtpServer.SyntaxException e) {
      throw new SettingException(
          "%s is not usable, because %s; it must be %s"
              .formatted(Setting.SMTP_URL.variable(), e.getMessage(), Setting.SMTP_URL.allowed()));
    }
  }

  /** What no commit and no log may hold. */
  public Optional<String> password() {
    return server.flatMap(SmtpServer::login).map(login -> login.password().reveal());
  }
}
