package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.TestDatabases;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People see their sessions and end them: Better Auth's endpoints. */
class SessionsTest {
  @TempDir static Path directory;
  private static TestServer server;
  private static TestClient nobody;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, Map.of(Setting.ROLES, "web"));
    nobody = new TestClient(server.mainstay().url(), "");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void nobodyIsSignedIn() {
    String unused = server.mainstay().identity().resetOwner();
  }

  private static String signIn(String userAgent) throws Exception {
    String token = server.mainstay().identity().createSignInLink();
    return cookie("/api/auth/link", Json.object().put("token", token), userAgent);
  }

  private static String signInByKey(String key) throws Exception {
    return cookie("/api/auth/key", Json.object().put("key", key), "Key");
  }

  private static String cookie(String path, JsonNode body, String userAgent) throws Exception {
    TestClient.Answer answer = nobody.post(path, body.toString(), "User-Agent", userAgent);
    assertThat(answer.status()).as(answer.body()).isEqualTo(204);
    return answer.cookie();
  }

  private static TestClient.Answer get(String path, String cookie) throws Exception {
    HttpRequest.Builder request = nobody.request(path).header("Cookie", cookie);
    return nobody.send(request.GET());
  }

  private static List<JsonNode> list(String cookie) throws Exception {
    TestClient.Answer answer = get("/api/auth/list-sessions", cookie);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return StreamSupport.stream(answer.json().spliterator(), false).toList();
  }

  private static TestClient.Answer revoke(String which, String cookie, String body)
      throws Exception {
    TestClient.Answer answer = nobody.post("/api/auth/revoke-" + which, body, "Cookie", cookie);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"status\":true}");
    return answer;
  }

  private static int me(String cookie) throws Exception {
    return get("/api/me", cookie).status();
  }

  @Test
  void sessionsAreListedWithWhereTheyCameFrom() throws Exception {
    String phone = signIn("Phone");
    signIn("x".repeat(1000));
    List<JsonNode> sessions = list(phone);
    assertThat(sessions).hasSize(2);
    assertThat(sessions.get(0).path("userAgent").asText()).isEqualTo("x".repeat(300));
    assertThat(sessions.get(0).path("current").asBoolean()).isFalse();
    JsonNode own = sessions.get(1);
    assertThat(own.path("current").asBoolean()).isTrue();
    assertThat(own.path("userAgent").asText()).isEqualTo("Phone");
    assertThat(own.path("ipAddress").asText()).isEqualTo("127.0.0.1");
    assertThat(own.path("expiresAt").asText()).isGreaterThan(own.path("createdAt").asText());
    assertThat(phone).doesNotContain(own.path("token").asText());
  }

  @Test
  void oneSessionIsEndedByTheNameItHasInTheList() throws Exception {
    String phone = signIn("Phone");
    String laptop = signIn("Laptop");
    String token = list(laptop).get(1).path("token").asText();
    revoke("session", laptop, Json.object().put("token", token).toString());
    assertThat(me(phone)).isEqualTo(401);
    assertThat(list(laptop)).hasSize(1);
    revoke("session", laptop, Json.object().put("token", token).toString());
    assertThat(nobody.post("/api/auth/revoke-session", "{}", "Cookie", laptop).status())
        .isEqualTo(400);
  }

  @Test
  void allOthersOrAllAreEnded() throws Exception {
    String phone = signIn("Phone");
    String laptop = signIn("Laptop");
    revoke("other-sessions", laptop, "");
    assertThat(me(phone)).isEqualTo(401);
    assertThat(me(laptop)).isEqualTo(200);
    TestClient.Answer answer = revoke("sessions", laptop, "");
    assertThat(answer.response().headers().firstValue("Set-Cookie").orElseThrow())
        .contains("Max-Age=0");
    assertThat(me(laptop)).isEqualTo(401);
  }

  /** Whoever has a key with few scopes must not shut its owner out. */
  @Test
  void aSessionThatAKeyOpenedHasNoSayOverOthers() throws Exception {
    String own = signIn("Laptop");
    String key = server.mainstay().identity().createOwnerKey("small", List.of("tasks:read")).key();
    String byKey = signInByKey(key);
    String again = signInByKey(key);
    assertThat(list(byKey)).hasSize(2);
    assertThat(list(own)).hasSize(3);
    String token = list(own).getLast().path("token").asText();
    revoke("session", byKey, Json.object().put("token", token).toString());
    revoke("other-sessions", byKey, "");
    assertThat(me(again)).isEqualTo(401);
    assertThat(me(own)).isEqualTo(200);
    revoke("sessions", byKey, "");
    assertThat(me(byKey)).isEqualTo(401);
    assertThat(me(own)).isEqualTo(200);
  }

  @Test
  void aSessionThatEndedWithItsKeyIsNotListed() throws Exception {
    String own = signIn("Laptop");
    JsonNode key = server.client().post("/api/keys", "{\"name\":\"short-lived\"}").json();
    signInByKey(key.path("key").asText());
    assertThat(list(own)).hasSize(2);
    assertThat(server.client().delete("/api/keys/" + key.path("id").asText()).status())
        .isEqualTo(204);
    assertThat(list(own)).hasSize(1);
  }

  @Test
  void anotherTenantsSessionIsNotReached() throws Exception {
    String own = signIn("Laptop");
    String stranger;
    try (Database database = TestDatabases.open(directory.resolve("data"))) {
      stranger = signInByKey(OtherOrganization.key(database));
    }
    assertThat(list(stranger)).hasSize(1);
    String token = list(own).getFirst().path("token").asText();
    revoke("session", stranger, Json.object().put("token", token).toString());
    assertThat(me(own)).isEqualTo(200);
  }
}
