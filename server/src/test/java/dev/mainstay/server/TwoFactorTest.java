package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.TestDatabases;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Permission;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second factor, as people use it and as others try to do without. */
class TwoFactorTest {
  private static final String OTHER = "another good password";
  private static final String SESSION = "mainstay_session";

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

  /** Somebody with an app, who is signed in. */
  private record Careful(Person person, AuthenticatorApp app, List<String> backupCodes) {
    /** At another device, where the password was right. */
    Person half() throws Exception {
      Person other = person.onAnotherDevice(server.mainstay().url());
      assertAsked(other.signIn(Person.PASSWORD), "totp", "otp");
      return other;
    }
  }

  private static Careful careful(String name) throws Exception {
    Person person = Person.signedUp(server, mails, name);
    JsonNode made = enable(person);
    AuthenticatorApp app = new AuthenticatorApp(made.path("totpURI").asText());
    assertThat(verify(person, "totp", app.next()).status()).isEqualTo(200);
    List<String> codes =
        StreamSupport.stream(made.path("backupCodes").spliterator(), false)
            .map(JsonNode::asText)
            .toList();
    return new Careful(person, app, codes);
  }

  private static JsonNode enable(Person person) throws Exception {
    TestClient.Answer answer =
        person.auth("two-factor/enable", Map.of("password", Person.PASSWORD));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  private static TestClient.Answer verify(Person person, String factor, String code)
      throws Exception {
    return person.auth("two-factor/verify-" + factor, Map.of("code", code));
  }

  private static void assertAsked(TestClient.Answer answer, String... methods) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().path("twoFactorRedirect").asBoolean()).isTrue();
    assertThat(answer.json().path("twoFactorMethods"))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrder(methods);
    assertThat(answer.json().has("token")).isFalse();
  }

  private static void assertProblem(TestClient.Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.json().path("code").asText()).isEqualTo(code);
  }

  private static List<TestClient.Answer> atOnce(List<Callable<TestClient.Answer>> calls)
      throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<TestClient.Answer> answers = new ArrayList<>();
      for (Future<TestClient.Answer> one : threads.invokeAll(calls)) {
        answers.add(one.get());
      }
      return answers;
    }
  }

  @Test
  void anAppIsAskedForOnceItHasMadeACode() throws Exception {
    Person ada = Person.signedUp(server, mails, "ada");
    assertProblem(
        ada.auth("two-factor/enable", Map.of("password", OTHER)), 400, "INVALID_PASSWORD");
    assertProblem(ada.auth("two-factor/enable", Map.of()), 400, "INVALID_PASSWORD");
    JsonNode made = enable(ada);
    assertThat(made.path("backupCodes")).hasSize(10);
    Person other = ada.onAnotherDevice(server.mainstay().url());
    assertThat(other.signIn(Person.PASSWORD).json().has("token")).isTrue();
    assertProblem(verify(ada, "backup-code", "aaaaa-aaaaa"), 401, "INVALID_BACKUP_CODE");

    String before = ada.cookie().orElseThrow();
    AuthenticatorApp app = new AuthenticatorApp(made.path("totpURI").asText());
    assertThat(verify(ada, "totp", app.next()).json().path("user").path("twoFactorEnabled"))
        .as("it is on")
        .isEqualTo(com.fasterxml.jackson.databind.node.BooleanNode.TRUE);
    assertThat(ada.cookie()).isNotEqualTo(Optional.of(before));
    assertThat(mails.list(ada.email(), "security-notice")).isNotEmpty();
    Person stale = ada.onAnotherDevice(server.mainstay().url());
    stale.plant(SESSION, Optional.of(before));
    assertThat(stale.isSignedIn()).as("the secret from before").isFalse();
    assertProblem(
        ada.auth("two-factor/enable", Map.of("password", Person.PASSWORD)),
        400,
        "TOTP_ALREADY_ENABLED");

    Person phone = new Careful(ada, app, List.of()).half();
    assertThat(phone.isSignedIn()).isFalse();
    assertThat(phone.cookie()).isEmpty();
    assertThat(verify(phone, "totp", app.next()).status()).isEqualTo(200);
    assertThat(phone.isSignedIn()).isTrue();
    assertThat(phone.cookieBeside("two_factor")).isEmpty();

    TestClient.Answer off = phone.auth("two-factor/disable", Map.of("password", Person.PASSWORD));
    assertThat(off.status()).as(off.body()).isEqualTo(200);
    assertThat(phone.isSignedIn()).isTrue();
    assertThat(other.signIn(Person.PASSWORD).json().has("token")).isTrue();
  }

  /** GHSA-xg6x-h9c9-2m83. */
  @Test
  void whoIsHalfSignedInReachesNothing() throws Exception {
    Person bob = careful("bob").half();
    String challenge = bob.cookieBeside("two_factor").orElseThrow();
    List<Endpoint<?>> guarded =
        server.mainstay().endpoints().stream()
            .filter(endpoint -> endpoint.permission() != Permission.PUBLIC)
            .filter(endpoint -> endpoint.permission() != Permission.ANYONE)
            .toList();
    assertThat(guarded).hasSizeGreaterThan(50);
    TestClient nobody = new TestClient(server.mainstay().url(), "");
    TestClient bearer = new TestClient(server.mainstay().url(), challenge);
    String cookies = SESSION + "=" + challenge + "; " + SESSION + "_two_factor=" + challenge;
    for (Endpoint<?> endpoint : guarded) {
      String path = endpoint.path().replaceAll("\\{\\w+}", "unknown");
      for (HttpRequest.Builder request :
          List.of(nobody.request(path).header("Cookie", cookies), bearer.request(path))) {
        request.method(
            endpoint.method().name(),
            endpoint.method() == Endpoint.Method.POST || endpoint.method() == Endpoint.Method.PUT
                ? HttpRequest.BodyPublishers.ofString("{}")
                : HttpRequest.BodyPublishers.noBody());
        assertThat(nobody.send(request).status()).as(endpoint.path()).isEqualTo(401);
      }
    }
    assertThat(bob.isSignedIn()).isFalse();
    assertThat(bob.get("/api/auth/multi-session/list-device-sessions").body()).isEqualTo("[]");
    bob.plant(SESSION + "_multi_x", Optional.of(challenge));
    assertThat(bob.get("/api/auth/multi-session/list-device-sessions").body()).isEqualTo("[]");
  }

  @Test
  void aCodeIsTakenOnceAndInItsTime() throws Exception {
    Careful carol = careful("carol");
    Person early = carol.half();
    assertProblem(verify(early, "totp", carol.app().in(-3)), 401, "INVALID_CODE");
    assertProblem(verify(early, "totp", carol.app().in(3)), 401, "INVALID_CODE");
    List<Person> both = List.of(carol.half(), carol.half());
    String code = carol.app().next();
    List<TestClient.Answer> answers =
        atOnce(both.stream().map(one -> calling(() -> verify(one, "totp", code))).toList());
    assertThat(answers).extracting(TestClient.Answer::status).containsExactlyInAnyOrder(200, 401);
    assertProblem(verify(early, "totp", code), 401, "INVALID_CODE");
  }

  private static Callable<TestClient.Answer> calling(Callable<TestClient.Answer> call) {
    return call;
  }

  @Test
  void guessesAreFewPerChallengeAndInAll() throws Exception {
    Careful dave = careful("dave");
    Person first = dave.half();
    for (int i = 0; i < 5; i++) {
      assertProblem(verify(first, "totp", "000000"), 401, "INVALID_CODE");
    }
    assertProblem(
        verify(first, "backup-code", dave.backupCodes().getFirst()),
        400,
        "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE");
    assertProblem(
        verify(first, "backup-code", dave.backupCodes().getFirst()),
        401,
        "INVALID_TWO_FACTOR_COOKIE");
    Person second = dave.half();
    List<TestClient.Answer> answers = new ArrayList<>();
    for (String code : List.of("x", "y", "z", "u", "v", "w")) {
      answers.add(verify(second, "backup-code", code));
    }
    // The factors of a user count together: ten in all.
    assertThat(answers.getLast().status()).isEqualTo(429);
    assertThat(verify(second, "backup-code", dave.backupCodes().getFirst()).status())
        .isEqualTo(429);
    assertThat(verify(second, "totp", dave.app().next()).status()).isEqualTo(429);
    // Who has shown no password is counted apart: nobody shuts a user out by the other factor.
    assertThat(dave.person().onAnotherDevice(server.mainstay().url()).signIn(OTHER).status())
        .isEqualTo(401);
    assertThat(dave.person().isSignedIn()).isTrue();
  }

  @Test
  void backupCodesAreUsedOnce() throws Exception {
    Careful erin = careful("erin");
    String code = erin.backupCodes().getFirst();
    List<Person> both = List.of(erin.half(), erin.half());
    List<TestClient.Answer> answers =
        atOnce(both.stream().map(one -> calling(() -> verify(one, "backup-code", code))).toList());
    assertThat(answers).extracting(TestClient.Answer::status).containsExactlyInAnyOrder(200, 401);
    assertThat(
            verify(
                    erin.half(),
                    "backup-code",
                    " " + erin.backupCodes().get(1).toUpperCase(java.util.Locale.ROOT))
                .status())
        .as("as people type it")
        .isEqualTo(200);
    TestClient.Answer others =
        erin.person().auth("two-factor/generate-backup-codes", Map.of("password", Person.PASSWORD));
    assertThat(others.json().path("backupCodes")).hasSize(10);
    assertProblem(
        verify(erin.half(), "backup-code", erin.backupCodes().get(2)), 401, "INVALID_BACKUP_CODE");
    assertProblem(
        erin.person().auth("two-factor/generate-backup-codes", Map.of("password", OTHER)),
        400,
        "INVALID_PASSWORD");
  }

  @Test
  void aCodeByMailIsForOneChallenge() throws Exception {
    Careful frank = careful("frank");
    Person one = frank.half();
    Person two = frank.half();
    assertProblem(verify(one, "otp", "123456"), 400, "OTP_HAS_EXPIRED");
    assertThat(one.auth("two-factor/send-otp", Map.of()).status()).isEqualTo(200);
    String code = mails.code(frank.person().email());
    assertProblem(verify(two, "otp", code), 400, "OTP_HAS_EXPIRED");
    assertThat(one.auth("two-factor/send-otp", Map.of()).status()).isEqualTo(200);
    String newer = mails.code(frank.person().email());
    assertThat(verify(one, "otp", newer).status()).isEqualTo(200);
    assertThat(one.isSignedIn()).isTrue();
  }

  @Test
  void aMailboxAloneIsNotEnough() throws Exception {
    Careful grace = careful("grace");
    String email = grace.person().email();
    Person thief = grace.person().onAnotherDevice(server.mainstay().url());
    thief.auth("sign-in/magic-link", Map.of("email", email, "callbackURL", "/here"));
    TestClient.Answer sent = thief.get(mails.link(email, "magic-link"));
    assertThat(sent.status()).isEqualTo(302);
    assertThat(sent.response().headers().firstValue("Location").orElseThrow())
        .isEqualTo(
            server.mainstay().url() + "/sign-in/two-factor?callbackURL=%2Fhere&methods=totp");
    assertThat(thief.isSignedIn()).isFalse();
    assertProblem(thief.auth("two-factor/send-otp", Map.of()), 400, "OTP_NOT_ENABLED");
    assertProblem(verify(thief, "otp", "123456"), 400, "OTP_NOT_ENABLED");

    thief.auth("email-otp/send-verification-otp", Map.of("email", email, "type", "sign-in"));
    assertAsked(
        thief.auth("sign-in/email-otp", Map.of("email", email, "otp", mails.code(email))), "totp");

    thief.auth("request-password-reset", Map.of("email", email));
    String token = mails.link(email, "reset-password").replaceFirst(".*token=([^&]+).*", "$1");
    assertThat(thief.auth("reset-password", Map.of("token", token, "newPassword", OTHER)).status())
        .isEqualTo(200);
    assertAsked(thief.signIn(OTHER), "totp");
    assertProblem(thief.auth("two-factor/send-otp", Map.of()), 400, "OTP_NOT_ENABLED");
    assertThat(thief.isSignedIn()).isFalse();

    // The app is theirs; from then on a code by mail is good again.
    assertThat(verify(thief, "totp", grace.app().next()).status()).isEqualTo(200);
    Person back = grace.person().onAnotherDevice(server.mainstay().url());
    assertAsked(back.signIn(OTHER), "totp", "otp");
  }

  @Test
  void aTrustedBrowserIsNotAskedUntilThePasswordChanges() throws Exception {
    Careful heidi = careful("heidi");
    Person laptop = heidi.half();
    TestClient.Answer in =
        laptop.auth(
            "two-factor/verify-backup-code",
            Map.of("code", heidi.backupCodes().getFirst(), "trustDevice", true));
    assertThat(in.status()).as(in.body()).isEqualTo(200);
    String first = laptop.cookieBeside("trusted").orElseThrow();
    laptop.auth("sign-out", Map.of());
    assertThat(laptop.signIn(Person.PASSWORD).json().has("token")).isTrue();
    assertThat(laptop.cookieBeside("trusted")).isNotEqualTo(Optional.of(first));

    Person thief = heidi.person().onAnotherDevice(server.mainstay().url());
    thief.plant(SESSION + "_trusted", Optional.of(first));
    assertAsked(thief.signIn(Person.PASSWORD), "totp", "otp");

    Careful ivan = careful("ivan");
    Person other = ivan.person().onAnotherDevice(server.mainstay().url());
    other.plant(SESSION + "_trusted", laptop.cookieBeside("trusted"));
    assertAsked(other.signIn(Person.PASSWORD), "totp", "otp");

    heidi
        .person()
        .auth("change-password", Map.of("currentPassword", Person.PASSWORD, "newPassword", OTHER));
    laptop.auth("sign-out", Map.of());
    assertAsked(laptop.signIn(OTHER), "totp", "otp");
  }

  @Test
  void codesByMailAloneGuardThePassword() throws Exception {
    Person judy = Person.signedUp(server, mails, "judy");
    TestClient.Answer on =
        judy.auth("two-factor/enable", Map.of("password", Person.PASSWORD, "method", "otp"));
    assertThat(on.json().path("method").asText()).as(on.body()).isEqualTo("otp");
    Person other = judy.onAnotherDevice(server.mainstay().url());
    assertAsked(other.signIn(Person.PASSWORD), "otp");
    assertProblem(verify(other, "totp", "000000"), 400, "TOTP_NOT_ENABLED");
    assertProblem(verify(other, "backup-code", "x"), 400, "BACKUP_CODES_NOT_ENABLED");
    assertThat(other.auth("two-factor/send-otp", Map.of()).status()).isEqualTo(200);
    assertThat(verify(other, "otp", mails.code(judy.email())).status()).isEqualTo(200);
    assertThat(other.isSignedIn()).isTrue();
  }

  @Test
  void theOperatorsLinkAsksForNothingMore() throws Exception {
    Person owner = new Person(server.mainstay().url(), "owner");
    Map<String, String> link = Map.of("token", server.mainstay().identity().createSignInLink());
    assertThat(owner.auth("link", link).status()).isEqualTo(204);
    JsonNode made = owner.auth("two-factor/enable", Map.of()).json();
    AuthenticatorApp app = new AuthenticatorApp(made.path("totpURI").asText());
    assertThat(verify(owner, "totp", app.next()).status()).isEqualTo(200);
    Person again = new Person(server.mainstay().url(), "owner");
    again.auth("link", Map.of("token", server.mainstay().identity().createSignInLink()));
    assertThat(again.isSignedIn()).isTrue();
    assertThat(again.auth("two-factor/disable", Map.of()).status()).isEqualTo(200);

    Person program = new Person(server.mainstay().url(), "program");
    program.auth("key", Map.of("key", server.key()));
    assertThat(program.auth("two-factor/enable", Map.of()).status()).isEqualTo(403);
    assertProblem(verify(program, "totp", "000000"), 401, "INVALID_TWO_FACTOR_COOKIE");
  }

  @Test
  void nothingThatOpensADoorIsInTheDatabase() throws Exception {
    Careful kim = careful("kim");
    Person half = kim.half();
    String uri =
        kim.person()
            .auth("two-factor/get-totp-uri", Map.of("password", Person.PASSWORD))
            .json()
            .path("totpURI")
            .asText();
    List<String> canaries = new ArrayList<>();
    canaries.add(uri.replaceFirst(".*secret=([A-Z2-7]+).*", "$1"));
    canaries.addAll(kim.backupCodes());
    kim.backupCodes().forEach(code -> canaries.add(code.replace("-", "")));
    canaries.add(half.cookieBeside("two_factor").orElseThrow());
    half.auth(
        "two-factor/verify-backup-code",
        Map.of("code", kim.backupCodes().getFirst(), "trustDevice", true));
    canaries.add(half.cookieBeside("trusted").orElseThrow());
    String dump = TestDatabases.dump(directory.resolve("data"));
    assertThat(dump).contains(kim.person().email());
    assertThat(canaries).noneMatch(dump::contains);
  }
}
