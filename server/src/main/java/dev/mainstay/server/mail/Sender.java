package dev.mainstay.server.mail;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom mails are from.
 *
 * @param name empty if the address stands alone
 */
record Sender(String name, String address) {
  private static final int MAX_NAME = 100;
  private static final Pattern NAMED = Pattern.compile("([^<>]*)<([^<>]*)>");

  /** {@code Name <address>}, or the address alone. */
  static Sender parse(String text) {
    Matcher named = NAMED.matcher(text.strip());
    Sender sender =
        named.matches()
            ? new Sender(unquoted(named.group(1).strip()), named.group(2).strip())
            : new Sender("", text.strip());
    if (!MailAddress.isValid(sender.address)
        || sender.name.length() > MAX_NAME
        || MailAddress.hasControls(sender.name)) {
      throw new IllegalArgumentException(text);
    }
    return sender;
  }

  private static String unquoted(String name) {
    return name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")
        ? name.substring(1, name.length() - 1)
        : name;
  }

  /** The part after the @. */
  String domain() {
    return address.substring(address.indexOf('@') + 1);
  }
}
