package dev.mainstay.server.identity;

import java.util.List;

/**
 * Better Auth's answer where a second factor is asked for.
 *
 * @param twoFactorRedirect true
 * @param twoFactorMethods {@code totp}: an app, {@code otp}: a code by mail
 */
public record TwoFactorView(boolean twoFactorRedirect, List<String> twoFactorMethods) {
  static TwoFactorView of(Entrance.Challenged asked) {
    return new TwoFactorView(true, asked.methods());
  }
}
