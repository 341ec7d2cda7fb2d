package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** Somebody on the way to a {@link QuirkProvider} and back. */
record SocialFlow(Person person, String provider, URI authorization) {

  /** Sets out to sign in. */
  static SocialFlow signIn(Person person, String provider) throws Exception {
    return start(person, "sign-in/social", provider, Map.of());
  }

  static SocialFlow link(Person person, String provider) throws Exception {
    return start(person, "link-social", provider, Map.of());
  }

  static SocialFlow start(Person person, String path, String provider, Map<String, ?> more)
      throws Exception {
    Map<String, Object> body = new HashMap<>(more);
    body.put("provider", provider);
    body.putIfAbsent("callbackURL", "/tasks");
    TestClient.Answer answer = person.auth(path, body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().path("redirect").asBoolean()).isTrue();
    String url = answer.json().path("url").asText();
    assertThat(answer.response().headers().firstValue("Location")).hasValue(url);
    return new SocialFlow(person, provider, URI.create(url));
  }

  Map<String, String> query() {
    return QuirkProvider.form(authorization.getRawQuery());
  }

  String state() {
    return query().getOrDefault("state", "");
  }

  /** Comes back, and says where that leads. */
  String back(String code) throws Exception {
    return back(person, provider, Map.of("code", code, "state", state()));
  }

  static String back(Person person, String provider, Map<String, String> query) throws Exception {
    StringBuilder path = new StringBuilder("/api/auth/callback/" + provider + "?x=1");
    query.forEach(
        (name, value) ->
            path.append('&').append(name).append('=').append(QuirkProvider.encode(value)));
    TestClient.Answer answer = person.get(path.toString());
    assertThat(answer.status()).as(answer.body()).isEqualTo(302);
    String location = answer.response().headers().firstValue("Location").orElseThrow();
    URI target = URI.create(location);
    return target.getRawPath() + (target.getRawQuery() == null ? "" : "?" + target.getRawQuery());
  }

  /** Signs in, from the first click to the last redirect. */
  static String enter(
      Person person, QuirkProvider there, String provider, QuirkProvider.Account account)
      throws Exception {
    SocialFlow flow = signIn(person, provider);
    return flow.back(there.grant(flow.authorization(), account));
  }
}
