package dev.mainstay.server.mail;

import dev.mainstay.server.platform.ProblemException;
import java.util.regex.Pattern;

/**
 * What is to be sent to one address. The text is plain, its paragraphs separated by empty lines; a
 * line that is nothing but a link becomes one. Links and codes in it are kept sealed, so the
 * subject must hold none.
 *
 * @param kind what it is for, a stable word such as {@code verify-email}
 */
public record Mail(String to, String kind, String subject, String text) {
  /** The kind of a mail to somebody who is erased: its address goes when it is out. */
  public static final String LAST = "account-deleted";

  static final int MAX_SUBJECT = 200;
  static final int MAX_TEXT = 20_000;

  private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]{0,49}");

  /**
   * @throws ProblemException 400 for what cannot be sent: more than one address, a subject of more
   *     than a line
   */
  public Mail {
    if (!KIND.matcher(kind).matches()) {
      throw new IllegalArgumentException("The kind of a mail is a word of this program: " + kind);
    }
    if (!MailAddress.isValid(to)) {
      throw ProblemException.badRequest("email", MailAddress.ALLOWED);
    }
    // Checked again by nobody: a line break here would begin a header of its own.
    if (subject.isBlank() || subject.length() > MAX_SUBJECT || MailAddress.hasControls(subject)) {
      throw ProblemException.badRequest(
          "subject", "must be one line of 1 to " + MAX_SUBJECT + " characters");
    }
    text = text.replace("\r\n", "\n");
    if (text.isBlank() || text.length() > MAX_TEXT || text.indexOf('\0') >= 0) {
      throw ProblemException.badRequest(
          "text", "must have 1 to " + MAX_TEXT + " characters, and no NUL");
    }
  }

  /** Without the text, which may hold a secret. */
  @Override
  public String toString() {
    return "Mail[%s to %s]".formatted(kind, to);
  }
}
