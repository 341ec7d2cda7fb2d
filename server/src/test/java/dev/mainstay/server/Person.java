package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Somebody with a browser: keeps cookies, and follows no redirect. */
final class Person {
  static final String PASSWORD = "correct horse battery";

  private final URI server;
  private final TestClient client;
  private final String email;
  private final Map<String, String> cookies = new TreeMap<>();

  Person(URI server, String name) {
    this(name + "@example.com", server);
  }

  private Person(String email, URI server) {
    this.server = server;
    this.client = new TestClient(server, "");
    this.email = email;
  }

  /** Somebody with this address. */
  static Person at(URI server, String email) {
    return new Person(email, server);
  }

  /** Somebody with a confirmed address and a session. */
  static Person signedUp(TestServer server, Mailbox mails, String name) throws Exception {
    Person person = new Person(server.mainstay().url(), name);
    assertThat(person.signUp().status()).isEqualTo(200);
    person.get(mails.link(person.email(), "verify-email"));
    assertThat(person.signIn(PASSWORD).status()).isEqualTo(200);
    return person;
  }

  String email() {
    return email;
  }

  /** The session's cookie. */
  Optional<String> cookie() {
    return Optional.ofNullable(cookies.get("mainstay_session"));
  }

  Optional<String> cookieNamed(String name) {
    return Optional.ofNullable(cookies.get(name));
  }

  /** A cookie beside the session's. */
  Optional<String> cookieBeside(String suffix) {
    return Optional.ofNullable(cookies.get("mainstay_session_" + suffix));
  }

  /** Puts a cookie into the browser that the server has not set, or takes one away. */
  void plant(String name, Optional<String> value) {
    value.ifPresentOrElse(text -> cookies.put(name, text), () -> cookies.remove(name));
  }

  /** Signed in somewhere else, as the same person. */
  Person onAnotherDevice(URI server) {
    return new Person(email, server);
  }

  TestClient.Answer signUp() throws IOException, InterruptedException {
    return auth("sign-up/email", Map.of("name", "Somebody", "email", email, "password", PASSWORD));
  }

  TestClient.Answer signIn(String password) throws IOException, InterruptedException {
    return auth("sign-in/email", Map.of("email", email, "password", password));
  }

  JsonNode session() throws IOException, InterruptedException {
    return get("/api/auth/get-session").json();
  }

  boolean isSignedIn() throws IOException, InterruptedException {
    return session().has("user");
  }

  TestClient.Answer auth(String path, Map<String, ?> body)
      throws IOException, InterruptedException {
    return post("/api/auth/" + path, body);
  }

  TestClient.Answer post(String path, Object body) throws IOException, InterruptedException {
    String text = Json.MAPPER.valueToTree(body).toString();
    SeenSecrets.of(server).sent(text);
    return send(
        client
            .request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(text)));
  }

  TestClient.Answer get(String path) throws IOException, InterruptedException {
    return send(client.request(path).GET());
  }

  private TestClient.Answer send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; ")));
    }
    TestClient.Answer answer = client.send(request);
    answer.response().headers().allValues("Set-Cookie").forEach(this::keep);
    return answer;
  }

  private void keep(String set) {
    String[] pair = set.substring(0, set.indexOf(';')).split("=", 2);
    if (set.contains("Max-Age=0;")) {
      cookies.remove(pair[0]);
    } else {
      cookies.put(pair[0], pair[1]);
    }
  }
}
