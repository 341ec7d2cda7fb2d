package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Permission;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in, and how far: over every endpoint that the server declares. */
class AccessTest {
  private static final String EVIL = "https://evil.example";

  @TempDir static Path directory;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, Map.of(Setting.ROLES, "web"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static TestClient client(String key) {
    return new TestClient(server.mainstay().url(), key);
  }

  private static TestClient.Answer call(TestClient client, Endpoint<?> endpoint, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = client.request(endpoint.path().replaceAll("\\{\\w+}", "unknown"));
    request.method(
        endpoint.method().name(),
        endpoint.method() == Endpoint.Method.POST || endpoint.method() == Endpoint.Method.PUT
            ? HttpRequest.BodyPublishers.ofString("{}")
            : HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request);
  }

  private static List<Endpoint<?>> guarded() {
    return server.mainstay().endpoints().stream()
        .filter(endpoint -> endpoint.permission() != Permission.PUBLIC)
        .filter(endpoint -> endpoint.permission() != Permission.ANYONE)
        .toList();
  }

  @Test
  void nobodyGetsInWithoutACredential() throws Exception {
    assertThat(guarded()).hasSizeGreaterThan(15);
    for (Endpoint<?> endpoint : guarded()) {
      for (String key : List.of("", "ms_wrong", "x".repeat(5000))) {
        TestClient.Answer answer = call(client(key), endpoint);
        assertThat(answer.status()).as(endpoint.path()).isEqualTo(401);
        assertThat(answer.json().path("status").asInt()).isEqualTo(401);
      }
      assertThat(call(client(""), endpoint, "Cookie", "mainstay_session=wrong").status())
          .isEqualTo(401);
      assertThat(call(client(""), endpoint, "Authorization", "Basic bXM6bXM=").status())
          .isEqualTo(401);
    }
  }

  @Test
  void readingKeyDoesNotWrite() throws Exception {
    String key = server.mainstay().identity().createOwnerKey("reader", List.of("tasks:read")).key();
    for (Endpoint<?> endpoint : guarded()) {
      int status = call(client(key), endpoint).status();
      switch (endpoint.permission()) {
        case SESSION,
            ACCOUNT,
            TASKS_WRITE,
            KEYS_MANAGE,
            QUEUES_READ,
            QUEUES_WRITE,
            QUEUES_OPERATE,
            INSTANCE_ADMIN ->
            assertThat(status).as(endpoint.path()).isEqualTo(403);
        case TASKS_READ, SIGNED_IN, PUBLIC, ANYONE ->
            assertThat(status).as(endpoint.path()).isNotIn(401, 403);
      }
    }
  }

  @Test
  void keyCannotMakeAMightierOne() throws Exception {
    String key =
        server.mainstay().identity().createOwnerKey("manager", List.of("keys:manage")).key();
    TestClient.Answer answer =
        client(key).post("/api/keys", "{\"name\":\"more\",\"scopes\":[\"tasks:write\"]}");
    assertThat(answer.status()).isEqualTo(403);
    TestClient.Answer unknown =
        server.client().post("/api/keys", "{\"name\":\"x\",\"scopes\":[\"everything\"]}");
    assertThat(unknown.status()).isBetween(400, 403);
  }

  @Test
  void unknownIdsAreNotFound() throws Exception {
    TestClient admin = server.adminClient();
    for (Endpoint<?> endpoint : guarded()) {
      if (!endpoint.path().contains("{id}") || endpoint.body() != Endpoint.None.class) {
        continue;
      }
      TestClient.Answer answer =
          call(
              endpoint.permission() == Permission.INSTANCE_ADMIN ? admin : server.client(),
              endpoint);
      assertThat(answer.status()).as(endpoint.path()).isEqualTo(404);
      assertThat(answer.json().path("status").asInt()).isEqualTo(404);
    }
    for (String act : List.of("messages", "reject")) {
      String body = Json.object().put(act.equals("reject") ? "reason" : "text", "x").toString();
      assertThat(server.client().post("/api/tasks/unknown/" + act, body).status()).isEqualTo(404);
    }
    assertThat(server.client().get("/api/nothing").status()).isEqualTo(404);
    assertThat(server.client().delete("/api/tasks").status()).isEqualTo(405);
  }

  private static String cookie(TestClient.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(204);
    String set = answer.response().headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(set).contains("HttpOnly").contains("SameSite");
    return answer.cookie();
  }

  @Test
  void cookieCountsFromOurOwnPagesAlone() throws Exception {
    TestClient nobody = client("");
    String cookie = cookie(nobody.post("/api/auth/key", "{\"key\":\"" + server.key() + "\"}"));
    String own = server.mainstay().url().toString();
    String path = "/api/tasks/unknown/cancel";
    assertThat(nobody.post(path, "", "Cookie", cookie, "Origin", own).status()).isEqualTo(404);
    assertThat(nobody.post(path, "", "Cookie", cookie).status()).isEqualTo(404);
    for (String origin : List.of(EVIL, "null", own + ".evil.example", "http://localhost:1")) {
      assertThat(nobody.post(path, "", "Cookie", cookie, "Origin", origin).status())
          .as(origin)
          .isEqualTo(403);
    }
    assertThat(nobody.post(path, "", "Cookie", cookie, "Sec-Fetch-Site", "cross-site").status())
        .isEqualTo(403);
    assertThat(
            nobody
                .post("/api/auth/key", "{\"key\":\"" + server.key() + "\"}", "Origin", EVIL)
                .status())
        .isEqualTo(403);
  }

  @Test
  void signInLinkIsUsedOnce() throws Exception {
    String token = server.mainstay().identity().createSignInLink();
    String body = "{\"token\":\"" + token + "\"}";
    String cookie = cookie(client("").post("/api/auth/link", body));
    assertThat(me(cookie)).isEqualTo(200);
    assertThat(client("").post("/api/auth/link", body).status()).isEqualTo(401);
    assertThat(client("").post("/api/auth/link", "{\"token\":\"guess\"}").status()).isEqualTo(401);
    assertThat(client("").post("/api/auth/sign-out", "", "Cookie", cookie).status()).isEqualTo(200);
    assertThat(me(cookie)).isEqualTo(401);
  }

  /** A lost machine may have sessions and links that nobody used. */
  @Test
  void resettingTheOwnerEndsTheirSessionsAndLinksButNotTheirKeys() throws Exception {
    String unused = server.mainstay().identity().createSignInLink();
    String cookie = cookie(client("").post("/api/auth/key", "{\"key\":\"" + server.key() + "\"}"));
    String link = server.mainstay().identity().resetOwner();
    assertThat(me(cookie)).isEqualTo(401);
    assertThat(signIn(unused).status()).isEqualTo(401);
    assertThat(client(server.key()).get("/api/me").status()).isEqualTo(200);
    assertThat(me(cookie(signIn(link)))).isEqualTo(200);
  }

  private static TestClient.Answer signIn(String link) throws IOException, InterruptedException {
    return client("").post("/api/auth/link", "{\"token\":\"" + link + "\"}");
  }

  private static int me(String cookie) throws IOException, InterruptedException {
    TestClient nobody = client("");
    return nobody.send(nobody.request("/api/me").header("Cookie", cookie).GET()).status();
  }

  @Test
  void revokedKeyEndsItsSessions() throws Exception {
    JsonNode made = server.client().post("/api/keys", "{\"name\":\"short-lived\"}").json();
    String key = made.path("key").asText();
    String id = made.path("id").asText();
    String cookie = cookie(client("").post("/api/auth/key", "{\"key\":\"" + key + "\"}"));
    assertThat(client(key).get("/api/me").status()).isEqualTo(200);
    assertThat(me(cookie)).isEqualTo(200);
    assertThat(server.client().delete("/api/keys/" + id).status()).isEqualTo(204);
    assertThat(client(key).get("/api/me").status()).isEqualTo(401);
    assertThat(me(cookie)).isEqualTo(401);
    assertThat(client("").post("/api/auth/key", "{\"key\":\"" + key + "\"}").status())
        .isEqualTo(401);
  }
}
