package dev.mainstay.server.identity;

import dev.mainstay.server.mail.MailAddress;
import dev.mainstay.server.platform.ProblemException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One address, as it is compared and stored: without spaces around it, and the host in ASCII. It is
 * normalized before it is looked at, for else another character that becomes an @ or a dot would
 * slip through (GHSA-7rqj-j65f-68wh).
 */
final class EmailAddress {
  static final int MAX_LENGTH = 254;

  /** A host that mail can come to from elsewhere: no bare name, no number. */
  private static final Pattern PUBLIC_HOST = Pattern.compile("[^@]+@.+\\.[a-z][a-z0-9-]*[a-z0-9]");

  private EmailAddress() {}

  /**
   * In lower case.
   *
   * @param field of the body
   * @throws ProblemException 400 if it is not one address
   */
  static String parse(String field, String text) {
    return find(text).orElseThrow(() -> ProblemException.badRequest(field, MailAddress.ALLOWED));
  }

  /**
   * As {@link #parse(String, String)}, with the error that some of Better Auth's endpoints have.
   */
  static String parse(String text) {
    return find(text).orElseThrow(() -> PasswordRules.invalid("invalid-email", "Invalid email"));
  }

  /** In lower case; empty if it is not one address. */
  static Optional<String> find(String text) {
    String normalized = Normalizer.normalize(text, Normalizer.Form.NFKC).strip();
    int at = normalized.lastIndexOf('@');
    String local = normalized.substring(0, at + 1).toLowerCase(Locale.ROOT);
    String host = normalized.substring(at + 1);
    return MailAddress.toAscii(host)
        .map(ascii -> local + ascii)
        .filter(MailAddress::isValid)
        .filter(whole -> PUBLIC_HOST.matcher(whole).matches());
  }
}
