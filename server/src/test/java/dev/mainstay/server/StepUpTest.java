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
          """)
  void anOldSessionSignsInAgain(String path, String body) throws Exception {
    age();
    TestClient.Answer answer = person.post("/api/auth/" + path, Json.read(body));
    assertThat(answer.status()).as(answer.body()).isEqualTo(403);
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
