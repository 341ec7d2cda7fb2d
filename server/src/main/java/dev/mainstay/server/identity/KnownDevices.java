package dev.mainstay.server.identity;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Keyring;
import java.time.Duration;
import java.util.Optional;

/**
 * Browsers in which somebody has signed in before. Wrong guesses there are counted apart, so that
 * strangers who guess elsewhere do not shut the door to its owner. The cookie opens nothing: it is
 * an id, and an authentication code of it for this user, and nothing is stored.
 */
final class KnownDevices {
  static final Duration LIFE = Duration.ofDays(90);

  private final Keyring keyring;

  KnownDevices(Keyring keyring) {
    this.keyring = keyring;
  }

  /** The value of the cookie for a browser in which a user has just signed in. */
  String issue(User user) {
    String id = Ids.secret();
    return id + "." + keyring.mac(id, context(user));
  }

  /** What wrong guesses are counted under: the address, or this browser of its owner. */
  String subject(String email, Optional<User> user, Optional<String> cookie) {
    return user.flatMap(owner -> cookie.flatMap(value -> id(owner, value)))
        .map(id -> email + " at " + id)
        .orElse(email);
  }

  private Optional<String> id(User user, String cookie) {
    int dot = cookie.indexOf('.');
    if (dot < 0 || !Ids.isSecret(cookie.substring(0, dot))) {
      return Optional.empty();
    }
    String id = cookie.substring(0, dot);
    return keyring.matches(cookie.substring(dot + 1), id, context(user))
        ? Optional.of(id)
        : Optional.empty();
  }

  private static String context(User user) {
    return "known-devices/" + user.id();
  }
}
