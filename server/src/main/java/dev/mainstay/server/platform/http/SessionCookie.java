package dev.mainstay.server.platform.http;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that carries a session's token. Where people come by HTTPS it has the prefix {@code
 * __Host-} (RFC 6265bis, section 4.1.3.2): no other host and no plain HTTP page can have set it.
 */
public final class SessionCookie {
  /** The name if no other one is set. A session that was opened under it goes on under another. */
  public static final String USUAL_NAME = "mainstay_session";

  private static final String BOUND = "__Host-";

  /** What the names of {@link #ofDevice} begin with. */
  public static final String DEVICE = "multi_";

  /** Of one family that are read from a request. */
  private static final int MAX_BESIDE = 20;

  private final Supplier<Optional<URI>> publicUrl;
  private final String session;
  private final String suffix;

  /**
   * @param name without the prefix
   */
  public SessionCookie(Supplier<Optional<URI>> publicUrl, String name) {
    this(publicUrl, name, "");
  }

  private SessionCookie(Supplier<Optional<URI>> publicUrl, String session, String suffix) {
    this.publicUrl = publicUrl;
    this.session = session;
    this.suffix = suffix;
  }

  /** Another cookie of the same kind, beside the session's. */
  public SessionCookie beside(String name) {
    return new SessionCookie(publicUrl, session, "_" + name);
  }

  /** The cookie of one of several people in a browser. */
  public SessionCookie ofDevice(String sessionId) {
    return beside(DEVICE + sessionId);
  }

  /** The token in a request's cookies. */
  public Optional<String> read(Call<?> call) {
    return read(one -> call.cookie(one).orElse(null));
  }

  /** By HTTPS no name without the prefix counts: another host, or plain HTTP, may have set it. */
  Optional<String> read(UnaryOperator<@Nullable String> cookie) {
    return Stream.of(session, USUAL_NAME)
        .distinct()
        .map(name -> cookie.apply(prefix() + name + suffix))
        .flatMap(Stream::ofNullable)
        .filter(token -> !token.isEmpty())
        .findFirst();
  }

  /**
   * The tokens in those of a request's cookies that are {@link #beside} this one and whose suffixes
   * begin with {@code prefix}, by how these go on.
   */
  public Map<String, String> readBeside(Call<?> call, String prefix) {
    String start = prefix() + session + "_" + prefix;
    return call.cookies().entrySet().stream()
        .filter(one -> one.getKey().startsWith(start) && !one.getValue().isEmpty())
        .limit(MAX_BESIDE)
        .collect(
            Collectors.toMap(one -> one.getKey().substring(start.length()), Map.Entry::getValue));
  }

  private String prefix() {
    return isHttps() ? BOUND : "";
  }

  private boolean isHttps() {
    return publicUrl.get().map(url -> "https".equals(url.getScheme())).orElse(false);
  }

  /**
   * The value of {@code Set-Cookie}.
   *
   * @param life empty: until the browser is closed
   */
  public String set(String token, Optional<Duration> life) {
    boolean https = isHttps();
    return "%s=%s; Path=/;%s HttpOnly; SameSite=Lax%s"
        .formatted(
            prefix() + session + suffix,
            token,
            life.map(time -> " Max-Age=" + time.toSeconds() + ";").orElse(""),
            https ? "; Secure" : "");
  }

  /** The value of {@code Set-Cookie} that makes a browser forget it. */
  public String clear() {
    return set("", Optional.of(Duration.ZERO));
  }
}
