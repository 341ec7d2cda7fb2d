package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passkeys: made, used, and misused. */
class PasskeyTest {
  private static final String OPTIONS = "/api/auth/passkey/generate-authenticate-options";

  @TempDir static Path directory;
  private static TestServer server;
  private static Mailbox mails;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    mails = new Mailbox(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String origin() {
    return server.mainstay().url().toString();
  }

  private static Person person(String name) {
    return new Person(server.mainstay().url(), name);
  }

  private static SoftAuthenticator authenticator() throws Exception {
    return new SoftAuthenticator(origin(), "localhost");
  }

  private static JsonNode registerOptions(Person person) throws Exception {
    TestClient.Answer answer = person.get("/api/auth/passkey/generate-register-options");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  private static TestClient.Answer register(Person person, SoftAuthenticator key) throws Exception {
    return person.auth(
        "passkey/verify-registration",
        Map.of("response", key.create(registerOptions(person)), "name", "Laptop"));
  }

  private static TestClient.Answer signIn(Person person, SoftAuthenticator key) throws Exception {
    return person.auth(
        "passkey/verify-authentication", Map.of("response", key.get(person.get(OPTIONS).json())));
  }

  private static void assertProblem(TestClient.Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.json().path("code").asText()).isEqualTo(code);
  }

  @Test
  void aPasskeySignsIn() throws Exception {
    Person ada = Person.signedUp(server, mails, "ada");
    SoftAuthenticator key = authenticator();
    JsonNode options = registerOptions(ada);
    assertThat(options.path("rp").path("id").asText()).isEqualTo("localhost");
    assertThat(options.path("excludeCredentials")).isEmpty();
    TestClient.Answer made = register(ada, key);
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    assertThat(made.json().path("credentialID").asText()).isEqualTo(key.id());
    assertThat(made.json().path("transports").asText()).isEqualTo("hybrid,internal");
    assertThat(registerOptions(ada).path("excludeCredentials").path(0).path("id").asText())
        .isEqualTo(key.id());
    assertThat(mails.list(ada.email(), "security-notice")).isNotEmpty();

    Person phone = person("ada");
    JsonNode asked = phone.get(OPTIONS).json();
    assertThat(asked.has("allowCredentials")).as("any that is found").isFalse();
    TestClient.Answer in = signIn(phone, key);
    assertThat(in.status()).as(in.body()).isEqualTo(200);
    assertThat(in.json().path("user").path("email").asText()).isEqualTo(ada.email());
    assertThat(phone.isSignedIn()).isTrue();
    assertThat(signIn(person("ada"), key).status()).as("once more").isEqualTo(200);

    String id = made.json().path("id").asText();
    assertThat(
            ada.auth("passkey/update-passkey", Map.of("id", id, "name", "Old laptop"))
                .json()
                .path("passkey")
                .path("name")
                .asText())
        .isEqualTo("Old laptop");
    assertThat(ada.get("/api/auth/passkey/list-user-passkeys").json()).hasSize(1);
    Person mallory = Person.signedUp(server, mails, "mallory");
    for (String path : List.of("passkey/update-passkey", "passkey/delete-passkey")) {
      Map<String, String> body =
          path.endsWith("update-passkey") ? Map.of("id", id, "name", "x") : Map.of("id", id);
      assertProblem(mallory.auth(path, body), 404, "PASSKEY_NOT_FOUND");
    }
    assertThat(ada.auth("passkey/delete-passkey", Map.of("id", id)).status()).isEqualTo(200);
    assertProblem(signIn(person("ada"), key), 401, "PASSKEY_NOT_FOUND");
  }

  @Test
  void aChallengeIsUsedOnceInTheBrowserThatAsked() throws Exception {
    Person bob = Person.signedUp(server, mails, "bob");
    SoftAuthenticator key = authenticator();
    assertThat(register(bob, key).status()).isEqualTo(200);
    Person phone = person("bob");
    Map<String, Object> signed = key.get(phone.get(OPTIONS).json());
    Map<String, Object> body = Map.of("response", signed);
    assertProblem(
        person("other").auth("passkey/verify-authentication", body), 400, "CHALLENGE_NOT_FOUND");
    Person elsewhere = person("other");
    elsewhere.get(OPTIONS);
    assertProblem(
        elsewhere.auth("passkey/verify-authentication", body), 400, "AUTHENTICATION_FAILED");

    String cookie = phone.cookieBeside("passkey").orElseThrow();
    List<Person> browsers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Person one = person("bob");
      one.plant("mainstay_session_passkey", Optional.of(cookie));
      browsers.add(one);
    }
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<TestClient.Answer>> answers = new ArrayList<>();
      for (Person one : browsers) {
        answers.add(threads.submit(() -> one.auth("passkey/verify-authentication", body)));
      }
      for (Future<TestClient.Answer> answer : answers) {
        statuses.add(answer.get().status());
      }
    }
    assertThat(statuses).containsExactlyInAnyOrder(200, 400, 400, 400);
    // One of a registration is none of a sign-in.
    Person again = Person.signedUp(server, mails, "bobby");
    assertProblem(
        again.auth(
            "passkey/verify-authentication", Map.of("response", key.get(registerOptions(again)))),
        400,
        "CHALLENGE_NOT_FOUND");
  }

  @Test
  void onlyOurOwnPagesAndHostCount() throws Exception {
    Person carol = Person.signedUp(server, mails, "carol");
    SoftAuthenticator key = authenticator();
    assertProblem(
        register(carol, key.at("https://evil.example")), 400, "FAILED_TO_VERIFY_REGISTRATION");
    assertProblem(
        register(carol, key.at(origin()).forParty("evil.example")),
        400,
        "FAILED_TO_VERIFY_REGISTRATION");
    assertThat(register(carol, key.forParty("localhost")).status()).isEqualTo(200);
    Person phone = person("carol");
    assertProblem(signIn(phone, key.at("https://evil.example")), 400, "AUTHENTICATION_FAILED");
    assertProblem(
        signIn(phone, key.at(origin()).forParty("evil.example")), 400, "AUTHENTICATION_FAILED");
    assertProblem(
        signIn(phone, key.forParty("localhost").framed(true)), 400, "AUTHENTICATION_FAILED");
    assertProblem(
        signIn(phone, key.framed(false).as("somebody else")), 400, "AUTHENTICATION_FAILED");
    assertThat(phone.isSignedIn()).isFalse();
  }

  @Test
  void aCopyIsNoticed() throws Exception {
    Person dave = Person.signedUp(server, mails, "dave");
    SoftAuthenticator key = authenticator();
    assertThat(register(dave, key).status()).isEqualTo(200);
    assertThat(signIn(person("dave"), key.counting(10)).status()).isEqualTo(200);
    assertProblem(signIn(person("dave"), key.counting(5)), 400, "AUTHENTICATION_FAILED");
    assertProblem(signIn(person("dave"), key.counting(10)), 400, "AUTHENTICATION_FAILED");
    assertThat(signIn(person("dave"), key.counting(11)).status()).isEqualTo(200);

    Person other = Person.signedUp(server, mails, "david");
    assertProblem(register(other, key), 400, "PREVIOUSLY_REGISTERED");
  }

  @Test
  void aRegistrationIsForWhoHasAsked() throws Exception {
    Person erin = Person.signedUp(server, mails, "erin");
    Person mallory = Person.signedUp(server, mails, "malory");
    Map<String, Object> made = authenticator().create(registerOptions(mallory));
    erin.plant("mainstay_session_passkey", mallory.cookieBeside("passkey"));
    assertProblem(
        erin.auth("passkey/verify-registration", Map.of("response", made)),
        401,
        "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY");
  }

  @Test
  void garbageIsTheCallersError() throws Exception {
    Person frank = Person.signedUp(server, mails, "frank");
    SoftAuthenticator key = authenticator();
    assertThat(register(frank, key).status()).isEqualTo(200);
    List<Object> values =
        List.of("", "x", "\u0000", "AAAA", 5, Map.of(), List.of(), "e30", "bnVsbA");
    for (Object value : values) {
      Map<String, Object> response = new HashMap<>();
      for (String member : List.of("clientDataJSON", "attestationObject", "authenticatorData")) {
        response.put(member, value);
      }
      response.put("signature", value);
      Map<String, Object> body = Map.of("id", key.id(), "rawId", key.id(), "response", response);
      registerOptions(frank);
      assertThat(frank.auth("passkey/verify-registration", Map.of("response", body)).status())
          .as("%s", value)
          .isEqualTo(400);
      Person phone = person("frank");
      phone.get(OPTIONS);
      assertThat(phone.auth("passkey/verify-authentication", Map.of("response", body)).status())
          .as("%s", value)
          .isEqualTo(400);
      phone.get(OPTIONS);
      assertThat(
              phone
                  .auth("passkey/verify-authentication", Map.of("response", Map.of("id", value)))
                  .status())
          .as("%s", value)
          .isIn(400, 401);
    }
  }

  @Test
  void whoHasShownNoPinIsAskedForTheSecondFactor() throws Exception {
    Person grace = Person.signedUp(server, mails, "grace");
    SoftAuthenticator key = authenticator();
    assertThat(register(grace, key).status()).isEqualTo(200);
    JsonNode made = grace.auth("two-factor/enable", Map.of("password", Person.PASSWORD)).json();
    AuthenticatorApp app = new AuthenticatorApp(made.path("totpURI").asText());
    assertThat(grace.auth("two-factor/verify-totp", Map.of("code", app.next())).status())
        .isEqualTo(200);
    Person touch = person("grace");
    TestClient.Answer asked = signIn(touch, key.verifying(false));
    assertThat(asked.json().path("twoFactorRedirect").asBoolean()).as(asked.body()).isTrue();
    assertThat(touch.isSignedIn()).isFalse();
    assertThat(touch.auth("two-factor/verify-totp", Map.of("code", app.next())).status())
        .isEqualTo(200);
    Person pin = person("grace");
    assertThat(signIn(pin, key.verifying(true)).json().has("session")).isTrue();
    assertThat(pin.isSignedIn()).isTrue();
  }
}
