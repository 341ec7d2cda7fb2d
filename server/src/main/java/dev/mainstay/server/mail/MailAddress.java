package dev.mainstay.server.mail;

import java.util.regex.Pattern;

/**
 * One e-mail address as SMTP carries it without extensions (RFC 5321, 4.1.2): a dot-atom, and the
 * name of a host. Quoted names, comments, lists and other scripts are not taken: the mail servers
 * on the way disagree on them, and two that look alike would be two people.
 */
public final class MailAddress {
  /** What an address must be, as a problem says it. */
  public static final String ALLOWED = "must be one e-mail address, such as ada@example.com";

  private static final int MAX_LENGTH = 254;
  private static final int MAX_LOCAL = 64;

  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final Pattern ADDRESS =
      Pattern.compile("%s(?:\\.%s)*@%s(?:\\.%s)*".formatted(ATOM, ATOM, LABEL, LABEL));

  private MailAddress() {}

  public static boolean isValid(String text) {
    return text.length() <= MAX_LENGTH
        && text.indexOf('@') <= MAX_LOCAL
        && ADDRESS.matcher(text).matches();
  }

  static boolean hasControls(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }
}
