package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions in somebody's name end with the right of the administrator who has opened them. */
class OutlivedRightsTest {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @TempDir static Path directory;
  private static TestServer server;
  private static TestPeople people;
  private static Mailbox mails;
  private static TestClient root;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    people = new TestPeople(server, directory);
    mails = new Mailbox(server);
    root = server.adminClient();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Person signedUp() throws Exception {
    return Person.signedUp(server, mails, "outlived-" + NUMBER.incrementAndGet());
  }

  private static String id(Person person) {
    return people.value("select id from users where email = '%s'".formatted(person.email()));
  }

  private static void byRoot(String act, String body) throws Exception {
    TestClient.Answer answer = root.post("/api/auth/admin/" + act, body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static Person administrator() throws Exception {
    Person admin = signedUp();
    byRoot("set-role", "{\"userId\":\"%s\",\"role\":\"admin\"}".formatted(id(admin)));
    return admin;
  }

  private static void impersonate(Person admin, Person victim) throws Exception {
    TestClient.Answer answer = admin.auth("admin/impersonate-user", Map.of("userId", id(victim)));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(admin.session().path("user").path("email").asText()).isEqualTo(victim.email());
  }

  /** How an administrator's right ends. */
  enum End {
    BAN,
    DEMOTION,
    REMOVAL,
    SESSIONS_ENDED_BY_ANOTHER,
    OWN_SESSION_ENDED,
    NEW_PASSWORD,
    OWN_SESSION_EXPIRED
  }

  @ParameterizedTest
  @EnumSource
  void theSessionEndsWithTheRight(End how) throws Exception {
    Person admin = administrator();
    Person victim = signedUp();
    Person elsewhere = admin.onAnotherDevice(server.mainstay().url());
    elsewhere.signIn(Person.PASSWORD);
    String user = "{\"userId\":\"" + id(admin) + "\"}";
    impersonate(admin, victim);
    assertThat(admin.get("/api/tasks").status()).isEqualTo(200);
    switch (how) {
      case BAN -> byRoot("ban-user", user);
      case DEMOTION -> byRoot("set-role", user.replace("}", ",\"role\":\"user\"}"));
      case REMOVAL -> byRoot("remove-user", user);
      case SESSIONS_ENDED_BY_ANOTHER -> byRoot("revoke-user-sessions", user);
      case OWN_SESSION_ENDED ->
          assertThat(elsewhere.auth("revoke-other-sessions", Map.of()).status()).isEqualTo(200);
      case NEW_PASSWORD ->
          byRoot("set-user-password", user.replace("}", ",\"newPassword\":\"a new one of it\"}"));
      case OWN_SESSION_EXPIRED ->
          people.execute("update sessions set expires_at = 1 where user_id = '" + id(admin) + "'");
    }
    assertThat(admin.isSignedIn()).isFalse();
    assertThat(admin.get("/api/tasks").status()).isEqualTo(401);
    assertThat(victim.isSignedIn()).isTrue();
  }

  @Test
  void theSessionGoesOnWhenOthersOfTheAdministratorsEnd() throws Exception {
    Person admin = administrator();
    Person elsewhere = admin.onAnotherDevice(server.mainstay().url());
    elsewhere.signIn(Person.PASSWORD);
    impersonate(admin, signedUp());
    elsewhere.auth("sign-out", Map.of());
    assertThat(admin.get("/api/tasks").status()).isEqualTo(200);
  }

  @Test
  void leavingWorksAlsoWhenTheSessionInTheNameIsDead() throws Exception {
    Person admin = administrator();
    Person victim = signedUp();
    impersonate(admin, victim);
    byRoot("ban-user", "{\"userId\":\"" + id(victim) + "\"}");
    assertThat(admin.isSignedIn()).isFalse();
    TestClient.Answer back = admin.auth("admin/stop-impersonating", Map.of());
    assertThat(back.status()).as(back.body()).isEqualTo(200);
    assertThat(admin.session().path("user").path("email").asText()).isEqualTo(admin.email());
    assertThat(admin.auth("admin/stop-impersonating", Map.of()).status()).isEqualTo(400);
    assertThat(admin.auth("admin/impersonate-user", Map.of("userId", id(victim))).status())
        .isEqualTo(409);
    assertThat(admin.isSignedIn()).isTrue();
  }

  @Test
  void leavingNeedsTheAdministratorsOwnCookie() throws Exception {
    Person nobody = new Person(server.mainstay().url(), "nobody");
    assertThat(nobody.auth("admin/stop-impersonating", Map.of()).status()).isEqualTo(401);
    Person admin = administrator();
    Person victim = signedUp();
    impersonate(admin, victim);
    String own = admin.cookieBeside("admin").orElseThrow();
    Person other = administrator();
    impersonate(other, victim);
    other.plant("mainstay_session_admin", Optional.of(own));
    assertThat(other.auth("admin/stop-impersonating", Map.of()).status())
        .as("the cookie of another administrator")
        .isEqualTo(401);
    // A session in somebody's name is nobody's way back.
    nobody.plant("mainstay_session_admin", admin.cookie());
    assertThat(nobody.auth("admin/stop-impersonating", Map.of()).status()).isEqualTo(401);
  }

  @Test
  void aSessionFromBeforeEndsWithTheUpgrade() throws Exception {
    Person admin = administrator();
    impersonate(admin, signedUp());
    people.execute(
        "update sessions set impersonator_session = null where impersonated_by is not null");
    assertThat(admin.isSignedIn()).isFalse();
    JsonNode back = admin.auth("admin/stop-impersonating", Map.of()).json();
    assertThat(back.path("user").path("email").asText()).isEqualTo(admin.email());
  }
}
