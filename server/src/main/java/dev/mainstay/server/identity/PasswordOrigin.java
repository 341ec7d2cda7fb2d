package dev.mainstay.server.identity;

import java.util.Optional;

/**
 * Who has set a password. It matters only until the address of its user is proved.
 *
 * @param browserHash of the secret in the cookie of the browser that signed up
 * @param administrator whether it was an administrator of the instance, who may set any password
 */
record PasswordOrigin(Optional<String> browserHash, boolean administrator) {
  /** The user in person, or somebody unknown: a sign-up from before origins were kept. */
  static final PasswordOrigin NONE = new PasswordOrigin(Optional.empty(), false);

  static final PasswordOrigin ADMINISTRATOR = new PasswordOrigin(Optional.empty(), true);

  static PasswordOrigin browser(String hash) {
    return new PasswordOrigin(Optional.of(hash), false);
  }
}
