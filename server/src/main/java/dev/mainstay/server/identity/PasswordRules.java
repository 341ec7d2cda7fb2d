package dev.mainstay.server.identity;

import dev.mainstay.server.platform.ProblemException;
import java.util.Locale;

/** What a new password must be like (NIST SP 800-63B, 5.1.1.2: length, not composition). */
final class PasswordRules {
  static final int MIN_LENGTH = 8;
  static final int MAX_LENGTH = 128;

  /** What is read at all; between the two the answer says that a password is too long. */
  static final int MAX_INPUT = 4096;

  private PasswordRules() {}

  /** Refuses a new password that is too short, too long or too common. */
  static void checkNew(String password) {
    if (password.codePointCount(0, password.length()) < MIN_LENGTH) {
      throw invalid("password-too-short", "Password too short");
    }
    checkLength(password);
    if (CommonPasswords.contain(password)) {
      throw invalid(
          "password-compromised",
          "This password is among the commonest ones that attackers try. Please choose a different password.");
    }
  }

  /** As {@link #checkNew(String)}, and refuses what is in the address itself. */
  static void checkNew(String password, String email) {
    checkNew(password);
    if (email.contains(password.toLowerCase(Locale.ROOT))) {
      throw invalid(
          "password-compromised",
          "This password is a part of your address. Please choose a different password.");
    }
  }

  /** Refuses what cannot be anybody's password before time is spent on it. */
  static void checkLength(String password) {
    if (password.length() > MAX_LENGTH) {
      throw invalid("password-too-long", "Password too long");
    }
  }

  static ProblemException invalid(String code, String message) {
    return ProblemException.of(code, "Invalid input", 400, message);
  }
}
