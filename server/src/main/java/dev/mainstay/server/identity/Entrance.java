package dev.mainstay.server.identity;

import java.util.List;
import java.util.Optional;

/** What comes of a proof of who somebody is. */
sealed interface Entrance {
  User user();

  /**
   * They are in.
   *
   * @param device a secret by which this browser is trusted from now on
   */
  record Opened(Sessions.Opened session, User user, Optional<String> device) implements Entrance {}

  /**
   * They are asked for a second factor, and are not in before.
   *
   * @param token the secret, for a cookie that is not the session's
   * @param methods {@code totp}, {@code otp}
   */
  record Challenged(String token, User user, List<String> methods) implements Entrance {
    /** Where a browser that was sent here is asked, and where it goes then. */
    String page(String callback) {
      return Urls.with(
          Urls.with("/sign-in/two-factor", "callbackURL", callback),
          "methods",
          String.join(",", methods));
    }
  }
}
