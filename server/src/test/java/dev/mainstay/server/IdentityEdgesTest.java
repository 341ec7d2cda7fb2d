package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.SettingException;
import dev.mainstay.server.platform.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients send, and what people leave behind. */
class IdentityEdgesTest {
  @TempDir static Path directory;
  private static TestServer server;
  private static TestPeople people;
  private static Mailbox mails;

  @BeforeAll
  static void start() throws Exception {
    Map<Setting, String> settings = new HashMap<>(TestPeople.SETTINGS);
    settings.put(Setting.TRUSTED_ORIGINS, "https://app.example.com,myapp://");
    server = TestServer.start(directory, settings);
    people = new TestPeople(server, directory);
    mails = new Mailbox(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Person signedUp(String name) throws Exception {
    return Person.signedUp(server, mails, name);
  }

  @Test
  void aKeyComesInItsOwnHeaderToo() throws Exception {
    TestClient nobody = new TestClient(server.mainstay().url(), "");
    assertThat(
            nobody.send(nobody.request("/api/me").header("x-api-key", server.key()).GET()).status())
        .isEqualTo(200);
    assertThat(nobody.send(nobody.request("/api/me").header("x-api-key", "no key").GET()).status())
        .isEqualTo(401);
    assertThat(
            nobody
                .send(
                    nobody
                        .request("/api/me")
                        .header("x-api-key", server.key())
                        .header("Authorization", "Bearer no key")
                        .GET())
                .status())
        .isEqualTo(401);
  }

  @Test
  void anyUsePutsTheEndOfASessionOffOnceADay() throws Exception {
    Person person = new Person(server.mainstay().url(), "cookies-slide");
    person.signUp();
    person.get(mails.link(person.email(), "verify-email"));
    TestClient.Answer in = person.signIn(Person.PASSWORD);
    String id = in.json().path("token").asText();
    long age = Duration.ofDays(2).toMillis();
    people.execute(
        "update sessions set updated_at = updated_at - %d, expires_at = expires_at - %d where id = '%s'"
            .formatted(age, age, id));
    String before = people.value("select expires_at from sessions where id = '" + id + "'");
    TestClient.Answer first = person.get("/api/tasks");
    List<String> cookies = first.response().headers().allValues("Set-Cookie");
    assertThat(cookies).hasSize(2).allMatch(one -> one.contains("Max-Age=2592000"));
    assertThat(cookies).anyMatch(one -> one.startsWith("mainstay_session="));
    assertThat(cookies).anyMatch(one -> one.startsWith("mainstay_session_multi_" + id));
    assertThat(people.value("select expires_at from sessions where id = '" + id + "'"))
        .isNotEqualTo(before);
    assertThat(person.get("/api/tasks").response().headers().allValues("Set-Cookie")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"  spaces@example.com\t", "SPACES@Example.com", "\u00a0spaces@example.com "})
  void anAddressIsTheSameHoweverItIsWritten(String written) throws Exception {
    Person person = Person.at(server.mainstay().url(), "spaces@example.com");
    person.auth(
        "sign-up/email", Map.of("name", "S", "email", written, "password", Person.PASSWORD));
    person.auth("verify-email", Map.of("token", mails.token(person.email(), "verify-email")));
    TestClient.Answer in =
        person.auth("sign-in/email", Map.of("email", written, "password", Person.PASSWORD));
    assertThat(in.status()).as(in.body()).isEqualTo(200);
    assertThat(in.json().path("user").path("email").asText()).isEqualTo("spaces@example.com");
  }

  @Test
  void aHostOfAnotherScriptIsItsAsciiName() throws Exception {
    Person person = Person.at(server.mainstay().url(), "ada@b\u00fccher.example");
    person.signUp();
    assertThat(mails.list("ada@xn--bcher-kva.example", "verify-email")).hasSize(1);
    TestPeople.Person owner = people.signUp("idn-owner");
    JsonNode made =
        TestPeople.ok(
            owner.organization("create", Json.object().put("name", "I").put("slug", "idn")));
    JsonNode domain =
        TestPeople.ok(
            owner.organization(
                "add-domain",
                Json.object()
                    .put("domain", " B\u00dcCHER.example ")
                    .put("mode", "invite")
                    .put("organizationId", made.path("id").asText())));
    assertThat(domain.path("domain").asText()).isEqualTo("xn--bcher-kva.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg", "gif", "webp", "avif"})
  void aPictureMayStandInItsAddress(String type) throws Exception {
    Person person = signedUp("picture-" + type);
    String image = "data:image/" + type + ";base64," + "iVBORw0KGgo=".replace("=", "A").repeat(50);
    assertThat(person.auth("update-user", Map.of("image", image)).status()).isEqualTo(200);
    assertThat(person.session().path("user").path("image").asText()).isEqualTo(image);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data:image/svg+xml;base64,AAAA",
        "data:text/html;base64,AAAA",
        "data:image/png,AAAA",
        "data:image/png;base64,",
        "data:image/png;base64,A\"A",
        "data:image/png;charset=x;base64,AAAA",
        "javascript:alert(1)"
      })
  void nothingElseIsAPicture(String image) throws Exception {
    Person person = new Person(server.mainstay().url(), "no-picture");
    Map<String, String> body =
        Map.of("name", "N", "email", person.email(), "password", Person.PASSWORD, "image", image);
    assertThat(person.auth("sign-up/email", body).status()).isEqualTo(400);
  }

  @Test
  void aPictureHasALimit() throws Exception {
    Person person = signedUp("big-picture");
    String image = "data:image/png;base64," + "A".repeat(32_768);
    assertThat(person.auth("update-user", Map.of("image", image)).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Upper", "with space", "-x", "x-", "a..b"})
  void aSlugThatCannotBeHadIsNotFree(String slug) throws Exception {
    Person person = signedUp("slug-" + Math.floorMod(slug.hashCode(), 100_000));
    for (String act : List.of("check-slug", "create")) {
      assertThat(
              person
                  .auth(
                      "organization/" + act,
                      act.equals("create")
                          ? Map.of("name", "x", "slug", slug)
                          : Map.of("slug", slug))
                  .status())
          .as(act)
          .isEqualTo(400);
    }
  }

  @Test
  void mobileAppsAreSentBackToByTheirScheme() throws Exception {
    Person person = new Person(server.mainstay().url(), "mobile");
    for (Map.Entry<String, Integer> target :
        Map.of(
                "myapp://welcome?a=b", 200,
                "myapp:welcome", 403,
                "otherapp://welcome", 403,
                "https://myapp/", 403,
                "javascript:myapp://x", 403)
            .entrySet()) {
      TestClient.Answer answer =
          person.auth(
              "sign-in/magic-link",
              Map.of("email", person.email(), "callbackURL", target.getKey()));
      assertThat(answer.status()).as(target.getKey()).isEqualTo(target.getValue());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"javascript://", "data://", "file://", "My App://", "http://"})
  void noOtherSchemeIsAnApps(String origin, @TempDir Path other) {
    assertThatThrownBy(() -> TestServer.start(other, Map.of(Setting.TRUSTED_ORIGINS, origin)))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("MAINSTAY_TRUSTED_ORIGINS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"__Host-x", "a b", "a=b", "1x"})
  void aNameThatNoCookieHasStopsTheStart(String name, @TempDir Path other) {
    assertThatThrownBy(() -> TestServer.start(other, Map.of(Setting.SESSION_COOKIE, name)))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("MAINSTAY_SESSION_COOKIE");
  }

  @Test
  void whoGuessesElsewhereDoesNotShutTheOwnerOut() throws Exception {
    Person owner = signedUp("guessed-at");
    Person stranger = owner.onAnotherDevice(server.mainstay().url());
    for (int i = 0; i < 10; i++) {
      assertThat(stranger.signIn("wrong password").status()).isEqualTo(401);
    }
    assertThat(stranger.signIn(Person.PASSWORD).status()).isEqualTo(429);
    owner.auth("sign-out", Map.of());
    assertThat(owner.signIn(Person.PASSWORD).status()).isEqualTo(200);
    // The cookie of one account is none of another's, and its guesses are counted.
    Person mallory = signedUp("mallory-guesses");
    mallory.plant("mainstay_session_known", owner.cookieBeside("known"));
    Person other = signedUp("other-account");
    for (int i = 0; i < 10; i++) {
      mallory.auth("sign-in/email", Map.of("email", other.email(), "password", "wrong password"));
    }
    assertThat(other.onAnotherDevice(server.mainstay().url()).signIn(Person.PASSWORD).status())
        .isEqualTo(429);
    for (int i = 0; i < 10; i++) {
      owner.signIn("wrong password");
    }
    assertThat(owner.signIn(Person.PASSWORD).status()).as("its own guesses").isEqualTo(429);
  }

  private static TestClient.Answer enter(Person person, String code) throws Exception {
    return person.auth("sign-in/email-otp", Map.of("email", person.email(), "otp", code));
  }

  private static String newCode(Person person) throws Exception {
    person.auth(
        "email-otp/send-verification-otp", Map.of("email", person.email(), "type", "sign-in"));
    return mails.code(person.email());
  }

  private static String wrong(String code) {
    return code.equals("000000") ? "111111" : "000000";
  }

  @Test
  void whoGuessesCodesElsewhereDoesNotShutTheOwnerOut() throws Exception {
    Person owner = signedUp("code-guessed-at");
    Person stranger = owner.onAnotherDevice(server.mainstay().url());
    String code = newCode(owner);
    for (int i = 0; i < 10; i++) {
      assertThat(enter(stranger, wrong(code)).status()).isIn(400, 403);
    }
    assertThat(enter(stranger, code).status()).as("out of guesses").isEqualTo(429);
    owner.auth("sign-out", Map.of());
    assertThat(enter(owner, code).status())
        .as("the same code, where the owner is known")
        .isEqualTo(200);
    assertThat(enter(owner, code).status()).as("once").isEqualTo(400);
    code = newCode(owner);
    for (int status : List.of(400, 400, 400, 403, 400)) {
      assertThat(enter(owner, wrong(code)).status()).as("its own guesses").isEqualTo(status);
    }
    assertThat(enter(owner, code).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sign-in", "email-verification", "forget-password"})
  void aStrangerHasThreeGuessesAtACodeOfAnyKind(String type) throws Exception {
    Person owner = signedUp("three-guesses-" + type);
    Person stranger = owner.onAnotherDevice(server.mainstay().url());
    owner.auth("email-otp/send-verification-otp", Map.of("email", owner.email(), "type", type));
    String code = mails.code(owner.email());
    Map<String, String> wrong = Map.of("email", owner.email(), "type", type, "otp", wrong(code));
    for (int status : List.of(400, 400, 400, 403, 400)) {
      assertThat(stranger.auth("email-otp/check-verification-otp", wrong).status())
          .isEqualTo(status);
    }
    Map<String, String> right = Map.of("email", owner.email(), "type", type, "otp", code);
    assertThat(stranger.auth("email-otp/check-verification-otp", right).status()).isEqualTo(400);
    assertThat(owner.auth("email-otp/check-verification-otp", right).status()).isEqualTo(200);
  }

  @Test
  void whoGuessesAtSomebodysNewAddressShutsOnlyThemselvesOut() throws Exception {
    Person mover = signedUp("mover");
    Person mallory = signedUp("mover-mallory");
    Person target = Person.at(server.mainstay().url(), "moved-to@example.com");
    mover.auth("email-otp/request-email-change", Map.of("newEmail", target.email()));
    String code = mails.code(target.email());
    for (int i = 0; i < 10; i++) {
      Map<String, String> guess = Map.of("newEmail", target.email(), "otp", code);
      assertThat(mallory.auth("email-otp/change-email", guess).status()).isEqualTo(400);
    }
    Map<String, String> right = Map.of("newEmail", target.email(), "otp", code);
    assertThat(mallory.auth("email-otp/change-email", right).status()).isEqualTo(429);
    assertThat(mover.auth("email-otp/change-email", right).status()).isEqualTo(200);
    assertThat(target.signIn(Person.PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void whatTrackersAddToLinksIsPassedOver() throws Exception {
    Person person = new Person(server.mainstay().url(), "tracked");
    person.signUp();
    String more = "&utm_source=mail&fbclid=x";
    assertThat(person.get(mails.link(person.email(), "verify-email") + more).status())
        .isEqualTo(302);
    person.auth("sign-in/magic-link", Map.of("email", person.email()));
    assertThat(person.get(mails.link(person.email(), "magic-link") + more).status()).isEqualTo(302);
    person.auth("request-password-reset", Map.of("email", person.email(), "redirectTo", "/x"));
    assertThat(
            person
                .get(mails.link(person.email(), "reset-password") + more)
                .response()
                .headers()
                .firstValue("Location")
                .orElseThrow())
        .contains("token=");
    person.auth("delete-user", Map.of());
    assertThat(person.get(mails.link(person.email(), "delete-account") + more).status())
        .isEqualTo(302);
    assertThat(person.isSignedIn()).isFalse();
  }

  @Test
  void nothingOfAnAddressIsLeftWhenItsUserGoes() throws Exception {
    TestPeople.Person inviter = people.signUp("inviter");
    JsonNode made =
        TestPeople.ok(
            inviter.organization("create", Json.object().put("name", "E").put("slug", "erasure")));
    Person person = signedUp("erased-person");
    String unused = Invitations.invite(inviter, person.email(), made.path("id").asText(), "member");
    person.auth("change-email", Map.of("newEmail", "next-erased@example.com"));
    person.auth(
        "email-otp/send-verification-otp", Map.of("email", person.email(), "type", "sign-in"));
    JsonNode data = person.get("/api/me/data").json();
    assertThat(data.path("user").path("email").asText()).isEqualTo(person.email());
    assertThat(data.path("memberships")).hasSize(1);
    assertThat(data.path("acts").toString()).contains("signed-in");
    assertThat(data.toString()).doesNotContain("argon2");
    assertThat(
            person
                .auth("delete-user", Map.of("password", Person.PASSWORD))
                .json()
                .path("success")
                .asBoolean())
        .isTrue();
    String dump = TestDatabases.dump(directory.resolve("data"));
    // One mail is left, which says that the account is gone.
    assertThat(mails.list(person.email(), "account-deleted")).hasSize(1);
    assertThat(dump.split(person.email(), -1)).hasSize(2);
    assertThat(dump).contains("(erased) as member");
  }
}
