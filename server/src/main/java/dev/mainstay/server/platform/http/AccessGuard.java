package dev.mainstay.server.platform.http;

import dev.mainstay.server.platform.ProblemException;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the principal of a request and checks its permission. A credential that the browser sends
 * by itself counts only if the page that made the request is ours: {@code Sec-Fetch-Site} and
 * {@code Origin} say which page that was.
 */
public final class AccessGuard implements HttpServer.RequestGuard {
  /** The header in which clients of Better Auth's plugin {@code api-key} send keys. */
  private static final String KEY_HEADER = "x-api-key";

  private final Authenticator authenticator;
  private final Origins origins;
  private final SessionCookie cookie;

  public AccessGuard(Authenticator authenticator, Origins origins, SessionCookie cookie) {
    this.authenticator = authenticator;
    this.origins = origins;
    this.cookie = cookie;
  }

  @Override
  public @Nullable Principal admit(Context context, Permission permission) {
    boolean reads =
        switch (context.method().name()) {
          case "GET", "HEAD" -> true;
          default -> false;
        };
    if (permission == Permission.PUBLIC || permission == Permission.ANYONE) {
      if (!reads) {
        requireOwnOrigin(context);
      }
      return permission == Permission.PUBLIC ? null : find(context, Optional.empty()).orElse(null);
    }
    Principal principal =
        find(context, RequestOrganization.of(context, permission.isOfOrganization()))
            .orElseThrow(ProblemException::unauthorized);
    if (principal.byCookie() && !reads) {
      requireOwnOrigin(context);
    }
    requirePermission(principal, permission);
    if (principal.byCookie()) {
      prolong(context, principal);
    }
    return principal;
  }

  /** A session in use goes on, whatever it is used for, and so do its cookies. */
  private void prolong(Context context, Principal principal) {
    Optional<Duration> life = authenticator.prolong(principal);
    if (life.isEmpty()) {
      return;
    }
    for (SessionCookie one : List.of(cookie, cookie.ofDevice(principal.credentialId()))) {
      one.read(context::cookie)
          .ifPresent(token -> context.res().addHeader("Set-Cookie", one.set(token, life)));
    }
  }

  @Override
  public void requireFresh(Principal principal) {
    if (principal.byCookie()) {
      authenticator.requireFresh(principal);
    }
  }

  private static void requirePermission(Principal principal, Permission permission) {
    if (!principal.may(permission)) {
      throw ProblemException.forbidden(
          switch (permission) {
            case SESSION -> "This needs a session; a key has none";
            case ACCOUNT -> "This needs a session that the user has opened, not one by a key";
            default -> "This needs the scope " + permission.scope();
          });
    }
  }

  /** For a WebSocket: a browser's upgrade request always carries its origin. */
  public Principal admitUpgrade(Context context, Permission permission) {
    requireOwnOrigin(context);
    Principal principal =
        find(context, RequestOrganization.of(context, true))
            .orElseThrow(ProblemException::unauthorized);
    requirePermission(principal, permission);
    return principal;
  }

  private Optional<Principal> find(Context context, Optional<String> organization) {
    String header = context.header("Authorization");
    if (header != null) {
      return header.regionMatches(true, 0, "Bearer ", 0, 7)
          ? authenticator.authenticate(header.substring(7).strip(), false, organization)
          : Optional.empty();
    }
    String key = context.header(KEY_HEADER);
    if (key != null) {
      return authenticator.authenticate(key.strip(), false, organization);
    }
    return cookie
        .read(context::cookie)
        .flatMap(token -> authenticator.authenticate(token, true, organization));
  }

  /** Requests that are not a browser's have neither header, and no cookie that came by itself. */
  private void requireOwnOrigin(Context context) {
    String origin = context.header("Origin");
    if (origin != null && origins.isTrusted(origin)) {
      return;
    }
    String site = context.header("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      throw foreign("Requests from other sites are refused");
    }
    if (origin != null && !origins.isOwn(origin, context.header("Host"))) {
      throw foreign("Requests from other origins are refused");
    }
  }

  private static ProblemException foreign(String detail) {
    return ProblemException.of("invalid-origin", "Not allowed", 403, detail);
  }
}
