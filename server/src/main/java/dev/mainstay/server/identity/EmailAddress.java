package dev.mainstay.server.identity;

import dev.mainstay.server.mail.MailAddress;
import dev.mainstay.server.platform.ProblemException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One address, as it is compared and stored. It is normalized before it is looked at, for else
 * another character that becomes an @ or a dot would slip through (GHSA-7rqj-j65f-68wh).
 */
final class EmailAddress {
  static final int MAX_LENGTH = 254;

  /** A host that mail can come to from elsewhere: no bare name, no number. */
  private static final Pattern PUBLIC_HOST = Pattern.compile("[^@]+@.+\\.[a-z][a-z0-9-]*[a-z0-9]");

  private EmailAddress() {}

  /**
   * In lower case.
   *
   * @throws ProblemException 400 if it is not one address
   */
  static String parse(String text) {
    String address = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    if (!MailAddress.isValid(address) || !PUBLIC_HOST.matcher(address).matches()) {
      throw ProblemException.of("invalid-email", "Invalid input", 400, "Invalid email");
    }
    return address;
  }
}
