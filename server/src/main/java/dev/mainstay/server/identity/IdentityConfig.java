package dev.mainstay.server.identity;

import dev.mainstay.server.identity.social.SocialConfig;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.Settings;
import java.util.regex.Pattern;

/**
 * Who may come in, and how often they may try.
 *
 * @param rateLimits whether calls are counted per address and per account
 * @param social where else people may sign in
 * @param sessionCookie the name of the session's cookie, without a prefix
 */
public record IdentityConfig(
    SignUpMode signUp, boolean rateLimits, SocialConfig social, String sessionCookie) {
  private static final Pattern COOKIE_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,59}");

  private enum Switch {
    ON,
    OFF
  }

  public static IdentityConfig from(Settings settings) {
    return new IdentityConfig(
        settings.choice(Setting.SIGN_UP, SignUpMode.class),
        settings.choice(Setting.RATE_LIMITS, Switch.class) == Switch.ON,
        SocialConfig.from(settings),
        settings.parse(Setting.SESSION_COOKIE, IdentityConfig::cookieName));
  }

  private static String cookieName(String text) {
    if (!COOKIE_NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }
}
