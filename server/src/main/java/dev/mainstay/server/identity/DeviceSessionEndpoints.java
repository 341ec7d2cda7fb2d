package dev.mainstay.server.identity;

import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import dev.mainstay.server.platform.http.Principal;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;

/** Better Auth's plugin {@code multi-session}. */
final class DeviceSessionEndpoints {
  private final DeviceSessions people;
  private final Profile profile;

  DeviceSessionEndpoints(DeviceSessions people, Profile profile) {
    this.people = people;
    this.profile = profile;
  }

  /** A session of this browser, and whose it is. */
  public record DeviceSession(SessionView session, UserView user) {}

  /**
   * A session of this browser.
   *
   * @param sessionToken of {@code list-device-sessions}
   */
  public record DeviceSessionToken(@NotBlank @Size(max = 200) String sessionToken) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.get(
                "/api/auth/multi-session/list-device-sessions",
                Permission.ANYONE,
                "List the people in this browser")
            .answersList(DeviceSession.class)
            .handle(this::list),
        Endpoint.post(
                "/api/auth/multi-session/set-active",
                Permission.ANYONE,
                "Go on as another of the people in this browser",
                DeviceSessionToken.class)
            .answers(200, DeviceSession.class)
            .handle(this::setActive),
        Endpoint.post(
                "/api/auth/multi-session/revoke",
                Permission.SESSION,
                "Sign out one of the people in this browser",
                DeviceSessionToken.class)
            .answers(200, Done.class)
            .handle(this::revoke));
  }

  private DeviceSession view(DeviceSessions.Held held, String current) {
    return new DeviceSession(
        SessionView.of(held.session(), current),
        UserView.of(profile.user(held.session().userId())));
  }

  private Answer list(Call<None> call) {
    String current = call.caller().map(Principal::credentialId).orElse("");
    return Answer.json(people.held(call).stream().map(held -> view(held, current)).toList());
  }

  private Answer setActive(Call<DeviceSessionToken> call) {
    DeviceSessions.Held held = people.find(call, call.body().sessionToken());
    return Cookies.set(
        Answer.json(view(held, held.session().id())), List.of(people.activate(held)));
  }

  private Answer revoke(Call<DeviceSessionToken> call) {
    DeviceSessions.Held held = people.find(call, call.body().sessionToken());
    List<String> cookies = new ArrayList<>();
    cookies.add(people.end(held));
    if (held.session().id().equals(call.principal().credentialId())) {
      cookies.add(people.activateNext(call));
    }
    return Cookies.set(Answer.json(Done.STATUS), cookies);
  }
}
