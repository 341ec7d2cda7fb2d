package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Optional;

/** Somebody with a browser: keeps the session's cookie, and follows no redirect. */
final class Person {
  static final String PASSWORD = "correct horse battery";

  private final TestClient client;
  private final String email;
  private Optional<String> cookie = Optional.empty();

  Person(URI server, String name) {
    this.client = new TestClient(server, "");
    this.email = name + "@example.com";
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

  Optional<String> cookie() {
    return cookie;
  }

  /** Signed in somewhere else, as the same person. */
  Person onAnotherDevice(URI server) {
    return new Person(server, email.replaceFirst("@.*", ""));
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
    return send(
        client
            .request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.MAPPER.valueToTree(body).toString())));
  }

  TestClient.Answer get(String path) throws IOException, InterruptedException {
    return send(client.request(path).GET());
  }

  private TestClient.Answer send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    cookie.ifPresent(text -> request.header("Cookie", text));
    TestClient.Answer answer = client.send(request);
    answer
        .response()
        .headers()
        .firstValue("Set-Cookie")
        .ifPresent(
            set -> {
              String pair = set.substring(0, set.indexOf(';'));
              cookie = set.contains("Max-Age=0") ? Optional.empty() : Optional.of(pair);
            });
    return answer;
  }
}
