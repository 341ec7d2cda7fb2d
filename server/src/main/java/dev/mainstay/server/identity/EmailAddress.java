package dev.mainstay.server.identity;

import dev.mainstay.server.platform.ProblemException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One address, as it is compared and stored. It is normalized before it is looked at, for else
 * another character that becomes an @ or a dot would slip through (GHSA-7rqj-j65f-68wh). Only what
 * mail systems commonly deliver to is taken: no quoted local parts, no comments, no address
 * literals, no internationalized local parts (RFC 5321, section 4.1.2 allows more).
 */
final class EmailAddress {
  static final int MAX_LENGTH = 254;

  private static final Pattern VALID =
      Pattern.compile(
          "[a-z0-9_'+&*/=?^{}~!#$%-]+(\\.[a-z0-9_'+&*/=?^{}~!#$%-]+)*"
              + "@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])");

  private static final int MAX_LOCAL_PART = 64;

  private EmailAddress() {}

  /**
   * In lower case.
   *
   * @throws ProblemException 400 if it is not one address
   */
  static String parse(String text) {
    String address = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    if (address.length() > MAX_LENGTH
        || address.indexOf('@') > MAX_LOCAL_PART
        || !VALID.matcher(address).matches()) {
      throw ProblemException.of("invalid-email", "Invalid input", 400, "Invalid email");
    }
    return address;
  }
}
