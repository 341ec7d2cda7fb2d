package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.TestDatabases;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** People with a confirmed address, who are signed in. */
final class TestPeople {
  /** What a server with people that come and go needs. */
  static final Map<Setting, String> SETTINGS =
      Map.of(Setting.ROLES, "web", Setting.SIGN_UP, "open", Setting.RATE_LIMITS, "off");

  static final String PASSWORD = "a long enough password";

  private final Map<String, String> signUpCookies = new ConcurrentHashMap<>();
  private final TestServer server;
  private final Path data;

  TestPeople(TestServer server, Path directory) {
    this.server = server;
    this.data = directory.resolve("data");
  }

  /** Somebody, by their browser. */
  record Person(TestClient http, String cookie, String id, String email) {

    TestClient.Answer get(String path) throws IOException, InterruptedException {
      return http.send(http.request(path).header("Cookie", cookie).GET());
    }

    TestClient.Answer post(String path, JsonNode body) throws IOException, InterruptedException {
      return http.post(path, body.toString(), "Cookie", cookie);
    }

    TestClient.Answer organization(String act, JsonNode body)
        throws IOException, InterruptedException {
      return post("/api/auth/organization/" + act, body);
    }

    TestClient.Answer organization(String read) throws IOException, InterruptedException {
      return get("/api/auth/organization/" + read);
    }

    HttpRequest.Builder request(String path) {
      return http.request(path).header("Cookie", cookie);
    }
  }

  /** Signs up as {@code name@example.com}, confirms the address and signs in. */
  Person signUp(String name) throws IOException, InterruptedException {
    return signUp(name, name + "@example.com");
  }

  Person signUp(String name, String email) throws IOException, InterruptedException {
    register(name, email);
    execute("update users set email_verified = true where email = '" + email + "'");
    return signIn(email);
  }

  void register(String name, String email) throws IOException, InterruptedException {
    ObjectNode body = Json.object().put("name", name).put("email", email).put("password", PASSWORD);
    TestClient.Answer answer = nobody().post("/api/auth/sign-up/email", body.toString());
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    signUpCookies.put(email, answer.cookie());
  }

  /** Opens the link that confirms an address, where it was signed up with. */
  void confirm(String email) throws IOException, InterruptedException {
    String token = Ids.secret();
    execute(
        "update verifications set token_hash = '%s' where purpose = 'verify-email' and email = '%s'"
            .formatted(Ids.hash(token), email));
    TestClient nobody = nobody();
    TestClient.Answer answer =
        nobody.send(
            nobody
                .request("/api/auth/verify-email?token=" + token)
                .header("Cookie", signUpCookies.get(email))
                .GET());
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  /** One more browser of somebody. */
  Person signIn(String email) throws IOException, InterruptedException {
    TestClient nobody = nobody();
    TestClient.Answer answer =
        nobody.post(
            "/api/auth/sign-in/email",
            Json.object().put("email", email).put("password", PASSWORD).toString());
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return new Person(
        nobody, answer.cookie(), answer.json().path("user").path("id").asText(), email);
  }

  static JsonNode ok(TestClient.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  static void refused(TestClient.Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.json().path("code").asText()).isEqualTo(code);
  }

  private TestClient nobody() {
    return new TestClient(server.mainstay().url(), "");
  }

  void execute(String statement) {
    try (Database database = TestDatabases.open(data)) {
      database.execute(tx -> tx.sql().execute(statement));
    }
  }

  String value(String query) {
    try (Database database = TestDatabases.open(data)) {
      return database.read(sql -> String.valueOf(sql.fetchValue(query)));
    }
  }
}
