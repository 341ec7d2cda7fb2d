package dev.mainstay.server.platform.http;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that carries a session's token. Where people come by HTTPS it has the prefix {@code
 * __Host-} (RFC 6265bis, section 4.1.3.2): no other host and no plain HTTP page can have set it.
 */
public final class SessionCookie {
  private static final String PLAIN = "mainstay_session";
  private static final String BOUND = "__Host-" + PLAIN;

  private final Supplier<Optional<URI>> publicUrl;

  public SessionCookie(Supplier<Optional<URI>> publicUrl) {
    this.publicUrl = publicUrl;
  }

  /** The token of a request's cookies. */
  static Optional<String> read(UnaryOperator<@Nullable String> cookie) {
    return Stream.of(BOUND, PLAIN)
        .map(cookie)
        .flatMap(Stream::ofNullable)
        .filter(token -> !token.isEmpty())
        .findFirst();
  }

  /**
   * The value of {@code Set-Cookie}.
   *
   * @param life empty: until the browser is closed
   */
  public String set(String token, Optional<Duration> life) {
    boolean https = publicUrl.get().map(url -> "https".equals(url.getScheme())).orElse(false);
    return "%s=%s; Path=/;%s HttpOnly; SameSite=Lax%s"
        .formatted(
            https ? BOUND : PLAIN,
            token,
            life.map(time -> " Max-Age=" + time.toSeconds() + ";").orElse(""),
            https ? "; Secure" : "");
  }

  /** The value of {@code Set-Cookie} that makes a browser forget it. */
  public String clear() {
    return set("", Optional.of(Duration.ZERO));
  }
}
