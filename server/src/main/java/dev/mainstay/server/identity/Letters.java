package dev.mainstay.server.identity;

import dev.mainstay.server.mail.Mail;
import dev.mainstay.server.mail.Mailer;
import dev.mainstay.server.platform.Tx;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What is written to people. A subject has no secret in it, and no text has what a stranger has
 * chosen, such as a name: it would carry their message to whatever address they like.
 */
final class Letters {
  private final Mailer mailer;
  private final Supplier<URI> url;

  Letters(Mailer mailer, Supplier<URI> url) {
    this.mailer = mailer;
    this.url = url;
  }

  /** An address below the server's own, with parameters; those that are absent are left out. */
  String link(String path, Map<String, Optional<String>> parameters) {
    String query =
        parameters.entrySet().stream()
            .filter(parameter -> parameter.getValue().isPresent())
            .map(parameter -> parameter.getKey() + "=" + encode(parameter.getValue().orElseThrow()))
            .collect(Collectors.joining("&"));
    return url.get() + path + (query.isEmpty() ? "" : "?" + query);
  }

  /**
   * A page of the studio where a button does what a mail offers: programs that read mail before
   * people do open links, and some run the pages' scripts. What stands behind the # is sent to no
   * server and stands in no log.
   *
   * @param act what the button does: the last part of the page's path
   */
  String page(String act, Map<String, Optional<String>> parameters) {
    return link("/links/" + act, parameters).replaceFirst("\\?", "#");
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Parameters in the order in which they are given. */
  static Map<String, Optional<String>> parameters(String token, Optional<String> callback) {
    Map<String, Optional<String>> parameters = new LinkedHashMap<>();
    parameters.put("token", Optional.of(token));
    parameters.put("callbackURL", callback);
    return parameters;
  }

  private static String life(Purpose purpose) {
    Duration life = purpose.life();
    if (life.toMinutes() < 120) {
      return life.toMinutes() + " minutes";
    }
    return life.toHours() < 48 ? life.toHours() + " hours" : life.toDays() + " days";
  }

  void verifyEmail(Tx tx, String to, String token, String callback) {
    send(
        tx,
        to,
        "verify-email",
        "Confirm your e-mail address",
        """
        Confirm that this address is yours on this page within %s:

        %s

        If you did not ask for an account, ignore this mail; nothing happens then.
        """
            .formatted(
                life(Purpose.VERIFY_EMAIL),
                page("verify-email", parameters(token, Optional.of(callback)))));
  }

  /** To somebody who signs up again, or whose address somebody else has tried. */
  void accountExists(Tx tx, String to) {
    send(
        tx,
        to,
        "account-exists",
        "You have an account already",
        """
        Somebody has tried to sign up with this address, which has an account. If that was you, sign in,
        or set a new password if you have forgotten it:

        %s

        If it was not you, there is nothing to do.
        """
            .formatted(link("/sign-in", Map.of())));
  }

  void resetPassword(Tx tx, String to, String token, Optional<String> redirect) {
    // With somewhere to go the link passes by the server, which says so there if it is too old.
    String address =
        redirect.isPresent()
            ? link("/api/auth/reset-password/" + token, Map.of("callbackURL", redirect))
            : link("/sign-in/reset", Map.of("token", Optional.of(token)));
    send(
        tx,
        to,
        "reset-password",
        "Set a new password",
        """
        Open this link within %s to set a new password:

        %s

        If you did not ask for it, ignore this mail; your password stays as it is.
        """
            .formatted(life(Purpose.RESET_PASSWORD), address));
  }

  void magicLink(Tx tx, String to, String address) {
    send(
        tx,
        to,
        "magic-link",
        "Sign in",
        """
        Open this link within %s, in the browser in which you want to be signed in:

        %s

        If you did not ask for it, ignore this mail.
        """
            .formatted(life(Purpose.MAGIC_LINK), address));
  }

  void code(Tx tx, String to, Purpose purpose, String code) {
    String what =
        switch (purpose) {
          case CODE_SIGN_IN -> "to sign in";
          case CODE_VERIFY_EMAIL -> "to confirm your address";
          case CODE_RESET_PASSWORD -> "to set a new password";
          case CODE_CHANGE_EMAIL -> "to change your address";
          case CODE_TWO_FACTOR -> "as the second step of signing in";
          case VERIFY_EMAIL,
              CONFIRM_NEW_EMAIL,
              VERIFY_NEW_EMAIL,
              RESET_PASSWORD,
              DELETE_ACCOUNT,
              RESTORE_EMAIL,
              MAGIC_LINK ->
              throw new IllegalArgumentException("no code is sent for " + purpose);
        };
    send(
        tx,
        to,
        "otp",
        "Your code",
        """
        Your code %s, within %s:

        %s

        Give it to nobody. If you did not ask for it, ignore this mail.
        """
            .formatted(what, life(purpose), code));
  }

  void confirmNewEmail(Tx tx, String to, String newEmail, String token, String callback) {
    send(
        tx,
        to,
        "confirm-new-email",
        "Confirm your new e-mail address",
        """
        Your account is to get the address %s. If you want that, confirm it on this page within %s:

        %s

        If you did not ask for it, somebody else uses your account: end its sessions and set a new password.
        """
            .formatted(
                newEmail,
                life(Purpose.CONFIRM_NEW_EMAIL),
                page("verify-email", parameters(token, Optional.of(callback)))));
  }

  void verifyNewEmail(Tx tx, String to, String token, String callback) {
    send(
        tx,
        to,
        "verify-new-email",
        "Confirm your new e-mail address",
        """
        Open this page within %s, where you are signed in, to use this address for your account:

        %s

        If you did not ask for it, ignore this mail.
        """
            .formatted(
                life(Purpose.VERIFY_NEW_EMAIL),
                page("verify-email", parameters(token, Optional.of(callback)))));
  }

  /** To the former address of an account that has another one now. */
  void emailChanged(Tx tx, String to, String token) {
    send(
        tx,
        to,
        "email-changed",
        "Your e-mail address was changed",
        """
        Your account has another e-mail address now. If that was you, there is nothing to do.

        If it was not you, take it back on this page within %s. The account gets this address again, all
        its sessions end, and you set a new password:

        %s
        """
            .formatted(
                life(Purpose.RESTORE_EMAIL),
                page("restore-email", parameters(token, Optional.empty()))));
  }

  /** To somebody who may not sign up by themselves. */
  void signUpByInvitation(Tx tx, String to) {
    send(
        tx,
        to,
        "sign-up-by-invitation",
        "Sign-up is by invitation",
        """
        Somebody has tried to sign up with this address at %s, where people come by invitation. If that
        was you, ask somebody there to invite you.

        If it was not you, there is nothing to do.
        """
            .formatted(url.get()));
  }

  void deleteAccount(Tx tx, String to, String token, String callback) {
    send(
        tx,
        to,
        "delete-account",
        "Delete your account",
        """
        Open this page within %s, where you are signed in, to delete your account. It does not come back:

        %s

        If you did not ask for it, somebody else uses your account: end its sessions and set a new password.
        """
            .formatted(
                life(Purpose.DELETE_ACCOUNT),
                page("delete-account", parameters(token, Optional.of(callback)))));
  }

  /** Erases what was written to an address. */
  void forget(Tx tx, String address) {
    mailer.forget(tx, address);
  }

  /** Tells somebody what was done to their account. */
  void notice(Tx tx, String to, String subject, String what) {
    send(
        tx,
        to,
        "security-notice",
        subject,
        """
        %s

        If that was not you, set a new password and end all sessions:

        %s
        """
            .formatted(what, link("/account", Map.of())));
  }

  /** Tells somebody that their account is gone; the address is erased once the mail is out. */
  void accountDeleted(Tx tx, String to) {
    send(tx, to, Mail.LAST, "Your account was deleted", "Your account was deleted.");
  }

  private void send(Tx tx, String to, String kind, String subject, String text) {
    mailer.send(tx, new Mail(to, kind, subject, text));
  }
}
