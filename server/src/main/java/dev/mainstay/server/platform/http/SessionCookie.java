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
  private static final String SESSION = "mainstay_session";
  private static final String BOUND = "__Host-";

  private final Supplier<Optional<URI>> publicUrl;
  private final String name;

  public SessionCookie(Supplier<Optional<URI>> publicUrl) {
    this(publicUrl, SESSION);
  }

  private SessionCookie(Supplier<Optional<URI>> publicUrl, String name) {
    this.publicUrl = publicUrl;
    this.name = name;
  }

  /** Another cookie of the same kind, beside the session's. */
  public SessionCookie beside(String suffix) {
    return new SessionCookie(publicUrl, SESSION + "_" + suffix);
  }

  /** The session's token in a request's cookies. */
  static Optional<String> session(UnaryOperator<@Nullable String> cookie) {
    return read(SESSION, cookie);
  }

  /** The token in a request's cookies. */
  public Optional<String> read(Call<?> call) {
    return read(name, one -> call.cookie(one).orElse(null));
  }

  private static Optional<String> read(String name, UnaryOperator<@Nullable String> cookie) {
    return Stream.of(BOUND + name, name)
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
            https ? BOUND + name : name,
            token,
            life.map(time -> " Max-Age=" + time.toSeconds() + ";").orElse(""),
            https ? "; Secure" : "");
  }

  /** The value of {@code Set-Cookie} that makes a browser forget it. */
  public String clear() {
    return set("", Optional.of(Duration.ZERO));
  }
}
