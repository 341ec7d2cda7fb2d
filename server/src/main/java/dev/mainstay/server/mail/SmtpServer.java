package dev.mainstay.server.mail;

import dev.mainstay.server.platform.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mail server that mails are given to. Shows no password of itself.
 *
 * @param security what protects the connection; where it is not {@code NONE}, nothing is sent
 *     without it
 */
record SmtpServer(String host, int port, Security security, Optional<Login> login) {
  private static final int SUBMISSION = 587;
  private static final int SUBMISSIONS = 465;

  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>smtps?)://(?:(?<login>.*)@)?(?<host>\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::(?<port>[0-9]{1,5}))?/?(?:\\?(?<query>[^@]*))?");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}|::1", Pattern.CASE_INSENSITIVE);

  /** What protects a connection. */
  enum Security {
    NONE,
    /** A plain connection becomes a TLS one before anything is said (RFC 3207). */
    STARTTLS,
    /** TLS from the first byte (RFC 8314). */
    TLS
  }

  /** Who the server takes mail from. */
  record Login(String user, Secret password) {}

  /** The message says what is wrong without repeating any of the text, which holds a secret. */
  static final class SyntaxException extends IllegalArgumentException {
    SyntaxException(String message) {
      super(message);
    }
  }

  static SmtpServer parse(String text) {
    Matcher url = URL.matcher(text);
    if (!url.matches()) {
      throw new SyntaxException(
          "it is not of that form (in a password, / ? @ : % are written %2F %3F %40 %3A %25)");
    }
    boolean tls = url.group("scheme").equals("smtps");
    String host = url.group("host").replaceAll("[\\[\\]]", "");
    return new SmtpServer(
        host,
        Optional.ofNullable(url.group("port"))
            .map(SmtpServer::port)
            .orElse(tls ? SUBMISSIONS : SUBMISSION),
        security(tls, host, Optional.ofNullable(url.group("query")).orElse("")),
        Optional.ofNullable(url.group("login")).map(SmtpServer::login));
  }

  private static Security security(boolean tls, String host, String query) {
    if (!query.isEmpty() && !(query.equals("starttls=off") && !tls)) {
      throw new SyntaxException("its only parameter is starttls=off, with smtp://");
    }
    if (tls) {
      return Security.TLS;
    }
    return query.isEmpty() && !LOOPBACK.matcher(host).matches() ? Security.STARTTLS : Security.NONE;
  }

  private static int port(String text) {
    int port = Integer.parseInt(text);
    if (port < 1 || port > 65_535) {
      throw new SyntaxException("its port is no number from 1 to 65535");
    }
    return port;
  }

  private static Login login(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new SyntaxException("before the @ it has no user:password, or more than that");
    }
    return new Login(decode(parts[0]), new Secret(decode(parts[1])));
  }

  private static String decode(String text) {
    try {
      String decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
      if (!MailAddress.hasControls(decoded)) {
        return decoded;
      }
    } catch (IllegalArgumentException e) {
      throw new SyntaxException(
          "its user or password has a % that no two hexadecimal digits follow");
    }
    throw new SyntaxException("its user or password has a control character");
  }

  /** Where it is, for people. */
  @Override
  public String toString() {
    return "%s://%s:%d".formatted(security == Security.TLS ? "smtps" : "smtp", host, port);
  }
}
