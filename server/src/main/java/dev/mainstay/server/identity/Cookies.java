package dev.mainstay.server.identity;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.SessionCookie;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers that set or clear the session's cookie, and those beside it. */
final class Cookies {
  private static final String SET_COOKIE = "Set-Cookie";

  private final SessionCookie session;
  private final SessionCookie challenge;
  private final SessionCookie device;
  private final SessionCookie signUp;
  private final SessionCookie known;
  private final KnownDevices devices;
  private final DeviceSessions people;

  Cookies(SessionCookie session, DeviceSessions people, KnownDevices devices) {
    this.devices = devices;
    this.session = session;
    this.challenge = session.beside("two_factor");
    this.device = session.beside("trusted");
    this.signUp = session.beside("sign_up");
    this.known = session.beside("known");
    this.people = people;
  }

  /** How the caller signs in, with what says whether their browser is trusted. */
  Sessions.Entry entry(Call<?> call, String method, boolean remembered) {
    return new Sessions.Entry(
        method, Client.of(call), remembered, device.read(call), known.read(call));
  }

  /** Where an address is proved. */
  Proof proof(Call<?> call) {
    return new Proof(signUp.read(call), call.caller(), Client.of(call));
  }

  /** The secret of a browser that signs up; one that has done so lately has one already. */
  String signUpSecret(Call<?> call) {
    return signUp.read(call).filter(Ids::isSecret).orElseGet(Ids::secret);
  }

  /** The cookie by which the browser shows later that it was the one that has signed up. */
  Answer.Body signedUp(String secret, Object body) {
    return Answer.json(body)
        .header(SET_COOKIE, signUp.set(secret, Optional.of(Purpose.VERIFY_EMAIL.life())));
  }

  /** The secret of the session, if the browser has sent one. */
  Optional<String> session(Call<?> call) {
    return session.read(call);
  }

  /** What shows that a user has signed in before in this browser; of {@link KnownDevices}. */
  Optional<String> known(Call<?> call) {
    return known.read(call);
  }

  /** The secret of who is half signed in. */
  Optional<String> challenge(Call<?> call) {
    return challenge.read(call);
  }

  private List<String> of(Call<?> call, Sessions.Opened opened) {
    List<String> all = new ArrayList<>();
    all.add(session.set(opened.token(), opened.cookieLife()));
    all.addAll(people.keep(call, opened));
    return all;
  }

  Answer.Body with(Call<?> call, Sessions.Opened opened, Object body) {
    return set(Answer.json(body), of(call, opened));
  }

  Answer.Empty with(Call<?> call, Sessions.Opened opened) {
    Answer.Empty answer = Answer.none();
    for (String one : of(call, opened)) {
      answer = answer.header(SET_COOKIE, one);
    }
    return answer;
  }

  Answer.Body with(Call<?> call, Entrance.Opened in, Object body) {
    return set(Answer.json(body), of(call, in));
  }

  Answer.Redirect redirect(Call<?> call, Entrance.Opened in, String location) {
    return set(Answer.redirect(location), of(call, in));
  }

  private List<String> of(Call<?> call, Entrance.Opened in) {
    List<String> all = of(call, in.session());
    challenge.read(call).ifPresent(unused -> all.add(challenge.clear()));
    all.add(known.set(devices.issue(in.user()), Optional.of(KnownDevices.LIFE)));
    in.device().ifPresent(token -> all.add(device.set(token, Optional.of(TwoFactorDevices.LIFE))));
    return all;
  }

  /** Asks for the second factor. */
  Answer.Body challenged(Call<?> call, Entrance.Challenged asked) {
    return set(Answer.json(TwoFactorView.of(asked)), of(call, asked));
  }

  Answer.Redirect challengedRedirect(Call<?> call, Entrance.Challenged asked, String location) {
    return set(Answer.redirect(location), of(call, asked));
  }

  /** Whoever was signed in is so no longer, so that what comes next is for who comes. */
  private List<String> of(Call<?> call, Entrance.Challenged asked) {
    List<String> all = new ArrayList<>();
    all.add(session.clear());
    all.add(challenge.set(asked.token(), Optional.of(TwoFactorGate.CHALLENGE_LIFE)));
    device.read(call).ifPresent(unused -> all.add(device.clear()));
    return all;
  }

  /** As {@link #with}, where no browser is trusted any more. */
  Answer.Body withoutDevice(Call<?> call, Sessions.Opened opened, Object body) {
    Answer.Body answer = with(call, opened, body);
    return device.read(call).isPresent() ? answer.header(SET_COOKIE, device.clear()) : answer;
  }

  Answer.Body cleared(Object body) {
    return Answer.json(body).header(SET_COOKIE, session.clear());
  }

  /** All people in this browser sign out. */
  Answer.Body allCleared(Call<?> call, Object body) {
    return set(cleared(body), people.endAll(call));
  }

  Answer.Redirect clearedRedirect(String location) {
    return Answer.redirect(location).header(SET_COOKIE, session.clear());
  }

  static Answer.Body set(Answer.Body answer, List<String> cookies) {
    Answer.Body all = answer;
    for (String one : cookies) {
      all = all.header(SET_COOKIE, one);
    }
    return all;
  }

  private static Answer.Redirect set(Answer.Redirect answer, List<String> cookies) {
    Answer.Redirect all = answer;
    for (String one : cookies) {
      all = all.header(SET_COOKIE, one);
    }
    return all;
  }
}
