package dev.mainstay.server;

import static dev.mainstay.server.TestPeople.ok;
import static dev.mainstay.server.TestPeople.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.TestPeople.Person;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server on which whoever is invited may sign up, and calls are counted. */
class InvitedSignUpTest {
  @TempDir static Path directory;
  private static TestServer server;
  private static TestPeople people;
  private static Person owner;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, Map.of(Setting.ROLES, "web", Setting.SIGN_UP, "invited"));
    people = new TestPeople(server, directory);
    TestClient nobody = new TestClient(server.mainstay().url(), "");
    String link = server.mainstay().identity().createSignInLink();
    String cookie =
        nobody.post("/api/auth/link", Json.object().put("token", link).toString()).cookie();
    owner = new Person(nobody, cookie, "", "");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static TestClient.Answer signUp(String email) throws Exception {
    ObjectNode body =
        Json.object().put("name", "x").put("email", email).put("password", "long enough for this");
    return new TestClient(server.mainstay().url(), "")
        .post("/api/auth/sign-up/email", body.toString());
  }

  private static String users(String email) {
    return people.value("select count(*) from users where email = '" + email + "'");
  }

  private static String active(Person person) throws Exception {
    return ok(person.get("/api/me")).path("organizationId").asText();
  }

  @Test
  void aSignInPageKnowsBeforeAnybodyTypes() throws Exception {
    JsonNode options = ok(new TestClient(server.mainstay().url(), "").get("/api/auth/options"));
    assertThat(options.path("signUp").asText()).isEqualTo("invited");
    assertThat(options.path("sendsMail").asBoolean(true)).isFalse();
  }

  @Test
  void whoIsInvitedGetsAnAccountAndJoins() throws Exception {
    // The answer is the same for everybody, and makes nobody a user.
    ok(signUp("bob@example.com"));
    assertThat(users("bob@example.com")).isEqualTo("0");
    String organization = active(owner);
    String invitation = Invitations.invite(owner, "bob@example.com", organization, "member");
    ok(signUp("eve@example.com"));
    assertThat(users("eve@example.com")).isEqualTo("0");
    Person bob = people.signUp("bob");
    ok(Invitations.accept(bob, invitation));
    assertThat(active(bob)).isEqualTo(organization);
  }

  @Test
  void addressesAreNotWrittenToAgainAndAgain() throws Exception {
    ObjectNode body =
        Json.object().put("email", "often@example.com").put("role", "member").put("resend", true);
    for (int i = 0; i < 5; i++) {
      ok(owner.organization("invite-member", body));
    }
    refused(owner.organization("invite-member", body), 429, "TOO_MANY_REQUESTS");
    ok(owner.organization("invite-member", body.put("email", "another@example.com")));
  }

  /** A session that a key has opened is not its user in person. */
  @Test
  void aSessionByAKeyHasNoSay() throws Exception {
    TestClient nobody = new TestClient(server.mainstay().url(), "");
    String cookie =
        nobody.post("/api/auth/key", Json.object().put("key", server.key()).toString()).cookie();
    Person byKey = new Person(nobody, cookie, "", "");
    assertThat(byKey.organization("list").status()).isEqualTo(403);
    assertThat(byKey.organization("set-active", Json.object().putNull("organizationId")).status())
        .isEqualTo(403);
  }
}
