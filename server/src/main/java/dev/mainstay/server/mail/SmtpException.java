package dev.mainstay.server.mail;

/** A mail was not taken. What it says holds nothing of the mail's text, and no password. */
final class SmtpException extends Exception {
  private final Scope scope;
  private final String reason;

  /** What the failure is about. */
  enum Scope {
    /** Neither this mail nor another one can be sent now. */
    SERVER,
    /** This mail cannot be sent now. */
    MAIL,
    /** The mail will never be taken (SMTP's 5xx). */
    RECIPIENT
  }

  SmtpException(Scope scope, String reason) {
    super(reason);
    this.scope = scope;
    this.reason = reason;
  }

  /** One line for people. */
  String reason() {
    return reason;
  }

  Scope scope() {
    return scope;
  }
}
