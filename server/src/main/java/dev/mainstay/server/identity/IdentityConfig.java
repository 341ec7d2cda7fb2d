package dev.mainstay.server.identity;

import dev.mainstay.server.identity.social.SocialConfig;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.Settings;

/**
 * Who may come in, and how often they may try.
 *
 * @param rateLimits whether calls are counted per address and per account
 * @param social where else people may sign in
 */
public record IdentityConfig(SignUpMode signUp, boolean rateLimits, SocialConfig social) {

  private enum Switch {
    ON,
    OFF
  }

  public static IdentityConfig from(Settings settings) {
    return new IdentityConfig(
        settings.choice(Setting.SIGN_UP, SignUpMode.class),
        settings.choice(Setting.RATE_LIMITS, Switch.class) == Switch.ON,
        SocialConfig.from(settings));
  }
}
