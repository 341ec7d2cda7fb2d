package dev.mainstay.server.identity;

import dev.mainstay.server.platform.Keyring;

/**
 * The app with which somebody makes codes.
 *
 * @param verified false before a first code was right
 * @param lastStep the newest step of which a code was taken
 * @param mailRefused a code by mail is not enough until the app, or a backup code, was used
 */
record TwoFactor(
    String userId, String secretSealed, boolean verified, long lastStep, boolean mailRefused) {

  static TwoFactor unverified(String userId, String secret, Keyring keyring) {
    return new TwoFactor(userId, keyring.seal(secret, context(userId)), false, 0, false);
  }

  /** The shared secret, in Base32. */
  String secret(Keyring keyring) {
    return keyring.open(secretSealed, context(userId));
  }

  private static String context(String userId) {
    return "two_factors/" + userId + "/secret";
  }
}
