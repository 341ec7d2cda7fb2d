package dev.mainstay.server.mail;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/**
 * What a mail server's refusals mean, in words that may be stored and logged: servers repeat what
 * they were sent, and they were sent a password and a text.
 */
final class SmtpReplies {
  private static final int MAX_LENGTH = 300;

  /** The code, and the enhanced one (RFC 3463). */
  private static final Pattern CODES =
      Pattern.compile("^\\s*([245][0-9]{2})(?:[ -]+([245]\\.[0-9]{1,3}\\.[0-9]{1,3}))?");

  private final SmtpServer server;

  SmtpReplies(SmtpServer server) {
    this.server = server;
  }

  /** There is no connection, or it takes no mail from us. */
  SmtpException unreachable(MessagingException failure) {
    String reason =
        failure instanceof AuthenticationFailedException
            ? "it does not take the user name or password" + codes(failure.getMessage())
            : shown(rootMessage(failure));
    return new SmtpException(
        SmtpException.Scope.SERVER, "The mail server %s: %s".formatted(server, reason));
  }

  /** It was there, and did not take this mail. */
  SmtpException refused(MessagingException failure) {
    Exception cause = failure;
    while (cause instanceof MessagingException chained && chained.getNextException() != null) {
      cause = chained.getNextException();
    }
    return switch (cause) {
      case SMTPAddressFailedException recipient ->
          new SmtpException(
              scope(recipient.getReturnCode()),
              "The recipient is refused: " + shown(recipient.getMessage()));
      case SMTPSenderFailedException sender ->
          new SmtpException(
              SmtpException.Scope.MAIL, "The sender is refused: " + shown(sender.getMessage()));
      case SMTPSendFailedException sender
          when sender.getCommand() != null && sender.getCommand().startsWith("MAIL") ->
          new SmtpException(
              SmtpException.Scope.MAIL, "The sender is refused: " + shown(sender.getMessage()));
      case SMTPSendFailedException mail when mail.getReturnCode() > 0 ->
          new SmtpException(
              scope(mail.getReturnCode()), "The mail is refused" + codes(mail.getMessage()));
      default -> lost();
    };
  }

  private SmtpException lost() {
    return new SmtpException(
        SmtpException.Scope.SERVER, "The mail server %s ended the conversation".formatted(server));
  }

  private static SmtpException.Scope scope(int code) {
    return code >= 500 ? SmtpException.Scope.RECIPIENT : SmtpException.Scope.MAIL;
  }

  private static String rootMessage(MessagingException failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : message;
  }

  private static String codes(@Nullable String reply) {
    Matcher codes = CODES.matcher(reply == null ? "" : reply);
    if (!codes.find()) {
      return "";
    }
    return codes.group(2) == null
        ? " (%s)".formatted(codes.group(1))
        : " (%s %s)".formatted(codes.group(1), codes.group(2));
  }

  /** One short line without the password. */
  private String shown(@Nullable String reply) {
    String line = reply == null ? "" : reply.strip().replaceAll("\\p{Cntrl}+", " ");
    if (server.login().isPresent()) {
      line = line.replace(server.login().get().password().reveal(), "…");
    }
    return line.substring(0, Math.min(line.length(), MAX_LENGTH));
  }
}
