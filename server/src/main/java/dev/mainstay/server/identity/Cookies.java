package dev.mainstay.server.identity;

import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.SessionCookie;

/** Answers that set or clear the session's cookie. */
final class Cookies {
  private static final String SET_COOKIE = "Set-Cookie";

  private final SessionCookie cookie;

  Cookies(SessionCookie cookie) {
    this.cookie = cookie;
  }

  String of(Sessions.Opened opened) {
    return cookie.set(opened.token(), opened.cookieLife());
  }

  Answer.Body with(Sessions.Opened opened, Object body) {
    return Answer.json(body).header(SET_COOKIE, of(opened));
  }

  Answer.Empty with(Sessions.Opened opened) {
    return Answer.none().header(SET_COOKIE, of(opened));
  }

  Answer.Redirect redirect(Sessions.Opened opened, String location) {
    return Answer.redirect(location).header(SET_COOKIE, of(opened));
  }

  Answer.Body cleared(Object body) {
    return Answer.json(body).header(SET_COOKIE, cookie.clear());
  }

  Answer.Redirect clearedRedirect(String location) {
    return Answer.redirect(location).header(SET_COOKIE, cookie.clear());
  }
}
