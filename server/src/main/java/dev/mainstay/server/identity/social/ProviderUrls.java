package dev.mainstay.server.identity.social;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which addresses of providers are called, and to which a browser is sent. */
public final class ProviderUrls {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]");

  /** RFC 6749, section 3.3, and no comma, with which they are stored. */
  private static final Pattern SCOPE =
      Pattern.compile("[\\x21\\x23-\\x2B\\x2D-\\x5B\\x5D-\\x7E]{1,200}");

  private ProviderUrls() {}

  /** Whether a text is one scope. */
  public static boolean isScope(String text) {
    return SCOPE.matcher(text).matches();
  }

  /** HTTPS, or this machine itself: whoever reads the wire would have codes and tokens. */
  static boolean isSafe(@Nullable URI uri) {
    if (uri == null
        || uri.getHost() == null
        || uri.getScheme() == null
        || uri.getRawUserInfo() != null
        || uri.getRawFragment() != null) {
      return false;
    }
    return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
      case "https" -> true;
      case "http" -> isLoopback(uri);
      default -> false;
    };
  }

  /** By its name: whatever else a name may resolve to. */
  static boolean isLoopback(URI uri) {
    return LOOPBACK.matcher(uri.getHost().toLowerCase(Locale.ROOT)).matches();
  }
}
