package dev.mainstay.server.identity;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.SessionCookie;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Several people in one browser: beside the session that is active, a cookie with the secret of
 * each, which has the session's id in its name. A session that a key has opened has none.
 */
final class DeviceSessions {
  static final int MAX_PEOPLE = 5;

  private final Database database;
  private final InstantSource clock;
  private final Sessions sessions;
  private final SessionCookie cookie;
  private final SessionStore store = new SessionStore();

  DeviceSessions(Database database, InstantSource clock, Sessions sessions, SessionCookie cookie) {
    this.database = database;
    this.clock = clock;
    this.sessions = sessions;
    this.cookie = cookie;
  }

  /** A valid session of this browser. */
  record Held(Session session, String token) {}

  private Map<String, String> tokens(Call<?> call) {
    return cookie.readBeside(call, SessionCookie.DEVICE);
  }

  private SessionCookie cookie(String sessionId) {
    return cookie.ofDevice(sessionId);
  }

  /** The people in this browser, who came first first. A secret counts in its own cookie alone. */
  List<Held> held(Call<?> call) {
    Map<String, String> tokens = tokens(call);
    if (tokens.isEmpty()) {
      return List.of();
    }
    List<String> hashes = tokens.values().stream().map(Ids::hash).toList();
    Map<String, Session> sessions =
        database.read(sql -> store.byHashes(sql, hashes, clock.instant()));
    return tokens.entrySet().stream()
        .flatMap(
            one ->
                Stream.ofNullable(sessions.get(Ids.hash(one.getValue())))
                    .filter(session -> session.id().equals(one.getKey()))
                    .map(session -> new Held(session, one.getValue())))
        .sorted(Comparator.comparing(held -> held.session().id()))
        .toList();
  }

  Held find(Call<?> call, String sessionId) {
    return held(call).stream()
        .filter(one -> one.session().id().equals(sessionId))
        .findFirst()
        .orElseThrow(
            () ->
                ProblemException.of(
                    "invalid-session-token", "No such session", 401, "Invalid session token"));
  }

  /**
   * The cookies to set for a session that was opened, or has a new secret or end. A former session
   * of the same person in this browser ends.
   */
  List<String> keep(Call<?> call, Sessions.Opened opened) {
    Session session = opened.session();
    if (session.apiKeyId().isPresent()) {
      return List.of();
    }
    List<Held> others =
        held(call).stream().filter(one -> !one.session().id().equals(session.id())).toList();
    List<Held> former =
        others.stream().filter(one -> one.session().userId().equals(session.userId())).toList();
    end(former);
    List<String> staying =
        others.stream()
            .filter(one -> !former.contains(one))
            .map(one -> one.session().id())
            .toList();
    List<String> cookies = new ArrayList<>();
    tokens(call).keySet().stream()
        .filter(id -> !staying.contains(id) && !id.equals(session.id()))
        .forEach(id -> cookies.add(cookie(id).clear()));
    if (staying.size() < MAX_PEOPLE) {
      cookies.add(cookie(session.id()).set(opened.token(), opened.cookieLife()));
    }
    return cookies;
  }

  private void end(List<Held> held) {
    if (!held.isEmpty()) {
      database.execute(tx -> held.forEach(one -> store.delete(tx, one.session().id())));
    }
  }

  /** Ends one session of this browser. */
  String end(Held held) {
    end(List.of(held));
    return cookie(held.session().id()).clear();
  }

  /** Ends the sessions of all people in this browser. */
  List<String> endAll(Call<?> call) {
    end(held(call));
    return tokens(call).keySet().stream().map(id -> cookie(id).clear()).toList();
  }

  /** The cookie that makes a session the active one. */
  String activate(Held held) {
    return cookie.set(held.token(), sessions.cookieLife(held.session()));
  }

  /** Who is to be active when the active one has gone. */
  String activateNext(Call<?> call) {
    Optional<Held> next = held(call).stream().findFirst();
    return next.map(this::activate).orElseGet(cookie::clear);
  }
}
