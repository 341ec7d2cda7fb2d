package dev.mainstay.server.platform.http;

import dev.mainstay.server.platform.ProblemException;
import io.javalin.http.Context;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the principal of a request and checks its permission. A credential that the browser sends
 * by itself counts only if the page that made the request is ours: {@code Sec-Fetch-Site} and
 * {@code Origin} say which page that was.
 */
public final class AccessGuard implements HttpServer.RequestGuard {
  private final Authenticator authenticator;
  private final Supplier<Optional<URI>> publicUrl;

  public AccessGuard(Authenticator authenticator, Supplier<Optional<URI>> publicUrl) {
    this.authenticator = authenticator;
    this.publicUrl = publicUrl;
  }

  @Override
  public @Nullable Principal admit(Context context, Permission permission) {
    boolean reads =
        switch (context.method().name()) {
          case "GET", "HEAD" -> true;
          default -> false;
        };
    if (permission == Permission.PUBLIC) {
      if (!reads) {
        requireOwnOrigin(context);
      }
      return null;
    }
    Principal principal = find(context).orElseThrow(ProblemException::unauthorized);
    if (principal.byCookie() && !reads) {
      requireOwnOrigin(context);
    }
    requirePermission(principal, permission);
    return principal;
  }

  private static void requirePermission(Principal principal, Permission permission) {
    if (!principal.may(permission)) {
      throw ProblemException.forbidden(
          permission == Permission.SESSION
              ? "This needs a session; a key has none"
              : "This needs the scope " + permission.scope());
    }
  }

  /** For a WebSocket: a browser's upgrade request always carries its origin. */
  public Principal admitUpgrade(Context context, Permission permission) {
    requireOwnOrigin(context);
    Principal principal = find(context).orElseThrow(ProblemException::unauthorized);
    requirePermission(principal, permission);
    return principal;
  }

  private Optional<Principal> find(Context context) {
    String header = context.header("Authorization");
    if (header != null) {
      return header.regionMatches(true, 0, "Bearer ", 0, 7)
          ? authenticator.authenticate(header.substring(7).strip(), false)
          : Optional.empty();
    }
    return Optional.ofNullable(context.cookie(Authenticator.SESSION_COOKIE))
        .flatMap(token -> authenticator.authenticate(token, true));
  }

  /** Requests that are not a browser's have neither header, and no cookie that came by itself. */
  private void requireOwnOrigin(Context context) {
    String site = context.header("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      throw ProblemException.forbidden("Requests from other sites are refused");
    }
    String origin = context.header("Origin");
    if (origin != null && !isOwn(origin, context)) {
      throw ProblemException.forbidden("Requests from other origins are refused");
    }
  }

  private boolean isOwn(String origin, Context context) {
    if (publicUrl.get().map(URI::toString).filter(origin::equalsIgnoreCase).isPresent()) {
      return true;
    }
    String host = context.header("Host");
    String bare = origin.toLowerCase(Locale.ROOT).replaceFirst("^https?://", "");
    return host != null && bare.equals(host.toLowerCase(Locale.ROOT));
  }
}
