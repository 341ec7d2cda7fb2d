package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.platform.Setting;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By HTTPS a cookie without the prefix counts for nothing: a sub-domain can have set it. */
class CookieFamilyTest {
  private static final String NAME = "mainstay.session_token";

  @TempDir static Path directory;
  private static TestServer server;
  private static TestPeople people;
  private static Mailbox mails;

  @BeforeAll
  static void start() throws Exception {
    Map<Setting, String> settings = new HashMap<>(TestPeople.SETTINGS);
    settings.put(Setting.PUBLIC_URL, "https://mainstay.example.com");
    settings.put(Setting.SESSION_COOKIE, NAME);
    server = TestServer.start(directory, settings);
    people = new TestPeople(server, directory);
    mails = new Mailbox(new TestClient(local(), server.adminKey()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static URI local() {
    return URI.create("http://localhost:" + server.mainstay().port());
  }

  private static Person signedUp(String name) throws Exception {
    Person person = new Person(local(), name);
    person.signUp();
    person.get(mails.link(person.email(), "verify-email"));
    assertThat(person.signIn(Person.PASSWORD).status()).isEqualTo(200);
    return person;
  }

  @Test
  void theSessionsCookieHasThePrefixAndTheNameThatIsSet() throws Exception {
    Person ada = signedUp("ada");
    String token = ada.cookieNamed("__Host-" + NAME).orElseThrow();
    assertThat(ada.isSignedIn()).isTrue();
    ada.plant("__Host-" + NAME, Optional.empty());
    assertThat(ada.isSignedIn()).isFalse();
    for (String planted : new String[] {NAME, "mainstay_session", "__Secure-" + NAME}) {
      Person other = new Person(local(), "other");
      other.plant(planted, Optional.of(token));
      assertThat(other.isSignedIn()).as(planted).isFalse();
      assertThat(other.get("/api/tasks").status()).as(planted).isEqualTo(401);
    }
    // A session that was opened before another name was set goes on.
    ada.plant("__Host-mainstay_session", Optional.of(token));
    assertThat(ada.isSignedIn()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sign_up", "known", "two_factor", "trusted", "admin", "passkey", "oauth"})
  void noneOfTheFamilyIsReadWithoutThePrefix(String suffix) throws Exception {
    Person person = new Person(local(), "family-" + suffix);
    switch (suffix) {
      case "sign_up" -> {
        person.signUp();
        moveToPlain(person, suffix);
        assertThat(
                person
                    .get(mails.link(person.email(), "verify-email"))
                    .response()
                    .headers()
                    .firstValue("Location")
                    .orElseThrow())
            .contains("/links/verify-email#");
      }
      case "known" -> {
        Person owner = signedUp("family-known");
        moveToPlain(owner, suffix);
        for (int i = 0; i < 10; i++) {
          assertThat(owner.signIn("wrong password").status()).isEqualTo(401);
        }
        assertThat(owner.signIn(Person.PASSWORD).status()).isEqualTo(429);
      }
      case "admin" -> {
        Person admin = signedUp("family-admin");
        people.execute("update users set role = 'admin' where email = '" + admin.email() + "'");
        Person victim = signedUp("family-victim");
        String id = people.value("select id from users where email = '" + victim.email() + "'");
        assertThat(admin.auth("admin/impersonate-user", Map.of("userId", id)).status())
            .isEqualTo(200);
        moveToPlain(admin, suffix);
        assertThat(admin.auth("admin/stop-impersonating", Map.of()).status()).isEqualTo(401);
      }
      case "two_factor", "trusted", "passkey", "oauth" -> {
        person.plant(NAME + "_" + suffix, Optional.of("x"));
        TestClient.Answer answer = person.auth("two-factor/verify-totp", Map.of("code", "000000"));
        assertThat(answer.status()).isEqualTo(401);
      }
      default -> throw new IllegalArgumentException(suffix);
    }
  }

  private static void moveToPlain(Person person, String suffix) {
    String name = NAME + "_" + suffix;
    person.plant(name, person.cookieNamed("__Host-" + name));
    assertThat(person.cookieNamed("__Host-" + name)).isPresent();
    person.plant("__Host-" + name, Optional.empty());
  }
}
