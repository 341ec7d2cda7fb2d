package dev.mainstay.server.platform.http;

import dev.mainstay.server.platform.ProblemException;
import io.javalin.http.Context;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request, as an endpoint sees it. */
public final class Call<B> {
  private final Context context;
  private final @Nullable Principal principal;
  private final B body;

  Call(Context context, @Nullable Principal principal, B body) {
    this.context = context;
    this.principal = principal;
    this.body = body;
  }

  /** The caller. Endpoints that ask for no permission must not call this. */
  public Principal principal() {
    if (principal == null) {
      throw ProblemException.unauthorized();
    }
    return principal;
  }

  /** The caller, if there is one; for endpoints that {@link Permission#ANYONE} may call. */
  public Optional<Principal> caller() {
    return Optional.ofNullable(principal);
  }

  /** The parsed and validated body. */
  public B body() {
    return body;
  }

  /** The path that was called. */
  String path() {
    return context.path();
  }

  /** What stands in the path for a parameter of it. */
  public String path(String name) {
    return context.pathParam(name);
  }

  public Optional<String> query(String name) {
    return Optional.ofNullable(context.queryParam(name)).filter(text -> !text.isEmpty());
  }

  /** A field of a form; for endpoints that take forms. */
  public Optional<String> form(String name) {
    return Optional.ofNullable(context.formParam(name)).filter(text -> !text.isEmpty());
  }

  /** As {@link #query}, for one that must be there. */
  public String required(String name) {
    return query(name).orElseThrow(() -> ProblemException.badRequest(name, "must not be blank"));
  }

  /** A whole number within bounds; anything else is the caller's error. */
  public long number(String name, long otherwise, long least, long most) {
    return query(name).map(text -> parse(name, text, least, most)).orElse(otherwise);
  }

  /** As {@link #number(String, long, long, long)}, for a header. */
  public long number(Optional<String> header, String name, long otherwise) {
    return header.map(text -> parse(name, text, 0, Long.MAX_VALUE)).orElse(otherwise);
  }

  /** The page size asked for. */
  public int limit() {
    return (int) number("limit", Page.DEFAULT_LIMIT, 1, Page.MAX_LIMIT);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(context.header(name));
  }

  public Optional<String> cookie(String name) {
    return Optional.ofNullable(context.cookie(name));
  }

  /** All cookies by their names. */
  Map<String, String> cookies() {
    return context.cookieMap();
  }

  public String remoteAddress() {
    return context.ip();
  }

  /** What calls are counted by: the address, or the /64 of an IPv6 one. */
  public String remoteNetwork() {
    return ClientNetwork.of(remoteAddress());
  }

  static long parse(String name, String text, long least, long most) {
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // falls through to the one answer for all that is not a number in range
    }
    throw ProblemException.badRequest(name, "must be a whole number from " + least + " to " + most);
  }
}
