package dev.mainstay.server.identity;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Better Auth's endpoints of sessions. */
final class SessionEndpoints {
  private final Sessions sessions;
  private final Profile profile;
  private final Cookies cookies;

  SessionEndpoints(Sessions sessions, Profile profile, Cookies cookies) {
    this.sessions = sessions;
    this.profile = profile;
    this.cookies = cookies;
  }

  /** The session that asks, and its user. */
  public record SessionAndUser(SessionView session, UserView user) {}

  /**
   * The session to end.
   *
   * @param token of {@code list-sessions}
   */
  public record RevokeSession(@NotBlank @Size(max = 200) String token) {}

  /**
   * Signs out.
   *
   * @param callbackURL means nothing: no provider has a page to pass by
   */
  public record SignOut(
      @Nullable @Size(max = 2000) String callbackURL,
      @Nullable Boolean disableRedirect,
      @Nullable @Size(max = 2000) String state) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.get(
                "/api/auth/get-session",
                Permission.ANYONE,
                "This session and its user, or null for who is not signed in")
            .query("disableCookieCache", "boolean", "Means nothing: there is no such cache")
            .query("disableRefresh", "boolean", "Leave the session's end as it is")
            .answers(200, SessionAndUser.class)
            .handle(this::get),
        Endpoint.post(
                "/api/auth/update-session",
                Permission.SESSION,
                "Change fields of this session; there are none that may be changed")
            .answers(200, SessionAndUser.class)
            .handle(
                call -> {
                  throw PasswordRules.invalid("no-fields", "No fields to update");
                }),
        Endpoint.post(
                "/api/auth/sign-out",
                Permission.ANYONE,
                "End this session, and those of others in this browser",
                SignOut.class)
            .bodyOptional()
            .answers(200, Done.class)
            .handle(this::signOut),
        Endpoint.get(
                "/api/auth/list-sessions",
                Permission.SESSION,
                "List my sessions, the newest first, 200 at most")
            .answersList(SessionView.class)
            .handle(call -> Answer.json(sessions.list(call.principal()))),
        Endpoint.post(
                "/api/auth/revoke-session",
                Permission.SESSION,
                "End one of my sessions",
                RevokeSession.class)
            .answers(200, Done.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(
                call -> {
                  sessions.revoke(call.principal(), call.body().token(), Client.of(call));
                  return Answer.json(Done.STATUS);
                }),
        Endpoint.post(
                "/api/auth/revoke-other-sessions",
                Permission.SESSION,
                "End all my sessions but this one")
            .answers(200, Done.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(
                call -> {
                  sessions.revokeOthers(call.principal(), Client.of(call));
                  return Answer.json(Done.STATUS);
                }),
        Endpoint.post(
                "/api/auth/revoke-sessions",
                Permission.SESSION,
                "End all my sessions, this one too")
            .answers(200, Done.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(
                call -> {
                  sessions.revokeAll(call.principal(), Client.of(call));
                  return cookies.cleared(Done.STATUS);
                }));
  }

  private Answer get(Call<None> call) {
    Optional<Session> current = call.caller().flatMap(sessions::current);
    if (current.isEmpty()) {
      return Answer.json(NullNode.getInstance());
    }
    Session session = current.get();
    Optional<Sessions.Opened> prolonged =
        call.query("disableRefresh").filter("true"::equals).isPresent()
            ? Optional.empty()
            : cookies.session(call).flatMap(token -> sessions.prolong(session, token));
    SessionAndUser view =
        new SessionAndUser(
            SessionView.of(prolonged.map(Sessions.Opened::session).orElse(session), session.id()),
            UserView.of(profile.user(call.principal())));
    return prolonged
        .map(opened -> cookies.with(call, opened, view))
        .orElseGet(() -> Answer.json(view));
  }

  private Answer signOut(Call<SignOut> call) {
    call.caller()
        .filter(caller -> caller.byCookie())
        .ifPresent(caller -> sessions.signOut(caller.credentialId()));
    return cookies.allCleared(call, Done.SUCCESS);
  }
}
