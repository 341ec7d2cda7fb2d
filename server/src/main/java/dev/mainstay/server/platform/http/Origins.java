package dev.mainstay.server.platform.http;

import dev.mainstay.server.platform.ProblemException;
import io.javalin.config.JavalinConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whose pages may call, and to whose pages somebody may be sent: the server's own, and trusted. */
public final class Origins {
  private static final int MAX_LENGTH = 2000;

  /** Nothing that a browser could take for another host: no //, no backslash, no control. */
  private static final Pattern PATH =
      Pattern.compile(
          "/(?![/\\\\]|%2f|%5c)[\\w\\-.+/@~%]*(\\?[\\w\\-.+/=&%@~:,;]*)?(#[\\w\\-.+/=&%@~]*)?",
          Pattern.CASE_INSENSITIVE);

  private final Supplier<URI> own;
  private final List<String> trusted;

  /**
   * @param own where people find the server
   * @param trusted origins as browsers write them: {@code https://app.example.com}; of mobile apps
   *     their schemes: {@code myapp://}
   */
  public Origins(Supplier<URI> own, List<String> trusted) {
    this.own = own;
    this.trusted = trusted.stream().map(origin -> origin.toLowerCase(Locale.ROOT)).toList();
  }

  /** Lets the pages of trusted sites read answers, with the session's cookie (CORS). */
  public void allow(JavalinConfig javalin) {
    List<String> sites = trusted.stream().filter(origin -> !origin.endsWith("://")).toList();
    if (sites.isEmpty()) {
      return;
    }
    javalin.bundledPlugins.enableCors(
        cors ->
            cors.addRule(
                rule -> {
                  rule.allowHost(sites.getFirst(), sites.stream().skip(1).toArray(String[]::new));
                  rule.allowCredentials = true;
                  rule.exposeHeader("Location");
                  rule.exposeHeader("Retry-After");
                }));
  }

  boolean isTrusted(String origin) {
    return trusted.contains(origin.toLowerCase(Locale.ROOT));
  }

  /**
   * @param host of the request, with the port
   */
  boolean isOwn(String origin, @Nullable String host) {
    if (own.get().toString().equalsIgnoreCase(origin)) {
      return true;
    }
    String bare = origin.toLowerCase(Locale.ROOT).replaceFirst("^https?://", "");
    return host != null && bare.equals(host.toLowerCase(Locale.ROOT));
  }

  /**
   * Where somebody is sent after something was done.
   *
   * @param target a path here, or a URL of a trusted origin
   * @param what names it in the error: {@code callbackURL}
   * @throws ProblemException 403 for anything else
   */
  public Optional<String> target(Optional<String> target, String what) {
    return target.map(text -> check(text, what));
  }

  private String check(String text, String what) {
    if (text.length() <= MAX_LENGTH && (PATH.matcher(text).matches() || isTrustedUrl(text))) {
      return text;
    }
    String words = what.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    throw ProblemException.of("invalid-" + words, "Not allowed", 403, "Invalid " + what);
  }

  private boolean isTrustedUrl(String text) {
    try {
      URI uri = new URI(text);
      if (uri.getScheme() != null && isTrusted(uri.getScheme() + "://")) {
        return text.regionMatches(
            true, 0, uri.getScheme() + "://", 0, uri.getScheme().length() + 3);
      }
      if (uri.getHost() == null || uri.getRawUserInfo() != null) {
        return false;
      }
      String origin = uri.getScheme() + "://" + uri.getRawAuthority();
      return own.get().toString().equalsIgnoreCase(origin) || isTrusted(origin);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** A target as a redirect sends it: whole. */
  public String whole(String target) {
    return target.startsWith("/") ? own.get() + target : target;
  }
}
