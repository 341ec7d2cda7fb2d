package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.platform.Json;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A session that was left open for weeks moves no account, and makes none stronger. */
class StepUpTest {
  @TempDir static Path directory;
  private static TestServer server;
  private static TestPeople people;
  private static Person person;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    people = new TestPeople(server, directory);
    person = Person.signedUp(server, new Mailbox(server), "ada");
    people.register("victim", "victim@example.com");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void age() {
    people.execute("update sessions set created_at = 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          change-email                     | {"newEmail":"other@example.com"}
          email-otp/request-email-change   | {"newEmail":"other@example.com"}
          email-otp/change-email           | {"newEmail":"other@example.com","otp":"000000"}
          set-password                     | {"newPassword":"a good new password"}
          revoke-session                   | {"token":"x"}
          revoke-other-sessions            | {}
          revoke-sessions                  | {}
          link-social                      | {"provider":"github"}
          unlink-account                   | {"accountId":"x"}
          passkey/verify-registration      | {"response":{}}
          passkey/delete-passkey           | {"id":"x"}
          api-key/create                   | {"name":"x"}
          organization/delete              | {"organizationId":"x"}
          organization/update-member-role  | {"memberId":"x","role":"owner"}
          organization/update-role         | {"roleName":"x","data":{}}
          organization/add-domain          | {"domain":"evil.example","mode":"auto-join"}
          organization/invite-member       | {"email":"evil@example.com","role":"owner"}
          organization/invite-member       | {"email":"evil@example.com","role":["member","admin"]}
          organization/invite-members      | {"emails":["evil@example.com"],"role":"admin"}
          """)
  void anOldSessionSignsInAgain(String path, String body) throws Exception {
    age();
    TestClient.Answer answer = person.post("/api/auth/" + path, Json.read(body));
    assertThat(answer.status()).as(answer.body()).isEqualTo(403);
    assertThat(answer.json().path("code").asText()).isEqualTo("SESSION_NOT_FRESH");
  }

  @Test
  void membersAreInvitedAtAnyTime() throws Exception {
    age();
    TestClient.Answer answer =
        person.auth(
            "organization/invite-member", Map.of("email", "new@example.com", "role", "member"));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          auth/admin/create-user           | {"email":"new@example.com","name":"N","role":"admin"}
          auth/admin/update-user           | {"userId":"ID","data":{"email":"evil@example.com","emailVerified":true}}
          auth/admin/set-role              | {"userId":"ID","role":"admin"}
          auth/admin/ban-user              | {"userId":"ID"}
          auth/admin/unban-user            | {"userId":"ID"}
          auth/admin/revoke-user-session   | {"sessionToken":"x"}
          auth/admin/revoke-user-sessions  | {"userId":"ID"}
          auth/admin/remove-user           | {"userId":"ID"}
          auth/admin/set-user-password     | {"userId":"ID","newPassword":"a good new password"}
          auth/admin/impersonate-user      | {"userId":"ID"}
          admin/users/ID/reset-two-factor  | {}
          """)
  void anAdministratorsOldSessionMovesNobodysAccount(String path, String body) throws Exception {
    String own = "users set role = '%s' where email = '" + person.email() + "'";
    String victim = people.value("select id from users where email = 'victim@example.com'");
    people.execute("update " + own.formatted("admin"));
    try {
      age();
      TestClient.Answer answer =
          person.post("/api/" + path.replace("ID", victim), Json.read(body.replace("ID", victim)));
      assertThat(answer.status()).as(answer.body()).isEqualTo(403);
      assertThat(answer.json().path("code").asText()).isEqualTo("SESSION_NOT_FRESH");
      assertThat(person.get("/api/auth/admin/list-users").status()).as("reading").isEqualTo(200);
      assertThat(
              people.value(
                  "select count(*) from users where email = 'victim@example.com' and role = 'user' and not banned"))
          .isEqualTo("1");
    } finally {
      people.execute("update " + own.formatted("user"));
    }
  }

  @Test
  void aProgramThatAdministersTheInstanceHasNoSessionAndPasses() throws Exception {
    age();
    TestClient.Answer made =
        server
            .adminClient()
            .post(
                "/api/auth/admin/create-user",
                "{\"email\":\"program@example.com\",\"name\":\"P\"}");
    assertThat(made.status()).as(made.body()).isEqualTo(200);
  }

  /** What an old session might try to pass by the question, or to become fresh. */
  @ParameterizedTest
  @CsvSource({
    "/api/auth/api-key/create/",
    "/api/auth//api-key/create",
    "/api/auth/api-key/CREATE",
    "/api/auth/api-key/create;a=b",
    "/api/auth/api-key/%63reate",
    "/api/auth/x/../api-key/create"
  })
  void noOtherSpellingOfThePathPassesByIt(String path) throws Exception {
    age();
    String keys = people.value("select count(*) from api_keys");
    assertThat(person.post(path, Map.of("name", "x")).status()).isIn(400, 403, 404, 405);
    assertThat(people.value("select count(*) from api_keys")).isEqualTo(keys);
  }

  @Test
  void usingASessionMakesItNoFresher() throws Exception {
    String id = person.signIn(Person.PASSWORD).json().path("token").asText();
    people.execute(
        "update sessions set created_at = 1, updated_at = 1 where id = '%s'".formatted(id));
    person.get("/api/auth/get-session");
    assertThat(people.value("select updated_at from sessions where id = '%s'".formatted(id)))
        .isNotEqualTo("1");
    person.auth("multi-session/set-active", Map.of("sessionToken", id));
    person.auth("update-user", Map.of("name", "Ada"));
    TestClient.Answer answer = person.auth("set-password", Map.of("newPassword", "a good new one"));
    assertThat(answer.json().path("code").asText()).isEqualTo("SESSION_NOT_FRESH");
  }

  @Test
  void theSameForKeysOfTheApi() throws Exception {
    age();
    assertThat(person.post("/api/keys", Map.of("name", "x")).status()).isEqualTo(403);
    assertThat(person.post("/api/keys/x/rotate", Map.of()).status()).isEqualTo(403);
    // A program comes by its key, which has no session.
    assertThat(server.client().post("/api/keys", "{\"name\":\"x\"}").status()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          change-password                  | {"newPassword":"a good new password","currentPassword":"wrong one"}
          two-factor/enable                | {"password":"wrong one"}
          two-factor/disable               | {"password":"wrong one"}
          two-factor/disable               | {}
          delete-user                      | {"password":"wrong one"}
          delete-user                      | {"token":"wrong one"}
          """)
  void whatLooksAtAProofOfItsOwnRefusesAWrongOne(String path, String body) throws Exception {
    assertThat(person.post("/api/auth/" + path, Json.read(body)).status()).isIn(400, 404);
  }

  @Test
  void aKeyIsMadeWeakerAtAnyTimeAndStrongerAfterASignIn() throws Exception {
    person.signIn(Person.PASSWORD);
    String id =
        person
            .auth("api-key/create", Map.of("name", "mine", "expiresIn", 86_400))
            .json()
            .path("id")
            .asText();
    age();
    for (Map<String, ?> weaker :
        java.util.List.<Map<String, ?>>of(
            Map.of("keyId", id, "remaining", 5),
            Map.of("keyId", id, "enabled", false),
            Map.of("keyId", id, "name", "other"))) {
      assertThat(person.auth("api-key/update", weaker).status()).isEqualTo(200);
    }
    for (Map<String, ?> stronger :
        java.util.List.<Map<String, ?>>of(
            Map.of("keyId", id, "remaining", 6),
            Map.of("keyId", id, "enabled", true),
            Map.of("keyId", id, "expiresIn", 864_000))) {
      TestClient.Answer answer = person.auth("api-key/update", stronger);
      assertThat(answer.status()).as(answer.body()).isEqualTo(403);
      assertThat(answer.json().path("code").asText()).isEqualTo("SESSION_NOT_FRESH");
    }
    person.signIn(Person.PASSWORD);
    assertThat(person.auth("api-key/update", Map.of("keyId", id, "enabled", true)).status())
        .isEqualTo(200);
  }
}
