package dev.mainstay.server.mail;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
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

  /** ß, ς, and joiners. */
  private static final Pattern DEVIATING = Pattern.compile("[\u00df\u1e9e\u03c2\u200c\u200d]");

  private MailAddress() {}

  /**
   * The name of a host in ASCII, in lower case (RFC 5890). The few characters that the two versions
   * of internationalized names read as different hosts (UTS 46, section 7) are not taken: their
   * owner writes the name in its ASCII form.
   *
   * @return empty if it has none
   */
  public static Optional<String> toAscii(String host) {
    if (DEVIATING.matcher(host).find()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          IDN.toASCII(Normalizer.normalize(host, Normalizer.Form.NFKC), IDN.USE_STD3_ASCII_RULES)
              .toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  public static boolean isValid(String text) {
    return text.length() <= MAX_LENGTH
        && text.indexOf('@') <= MAX_LOCAL
        && ADDRESS.matcher(text).matches();
  }

  static boolean hasControls(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }
}
