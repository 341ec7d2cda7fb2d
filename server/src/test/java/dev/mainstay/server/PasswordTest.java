package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.platform.TestDatabases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Addresses and passwords, as people use them and as others abuse them. */
class PasswordTest {
  private static final String OTHER = "another good password";

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

  private static Person person(String name) {
    return new Person(server.mainstay().url(), name);
  }

  private static Person signedUp(String name) throws Exception {
    return Person.signedUp(server, mails, name);
  }

  private static void assertProblem(TestClient.Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.json().path("code").asText()).isEqualTo(code);
    assertThat(answer.json().path("message").asText()).isNotEmpty();
  }

  @Test
  void anAccountIsUsedOnceItsAddressIsConfirmed() throws Exception {
    Person ada = person("ada");
    TestClient.Answer made = ada.signUp();
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    assertThat(made.json().path("token").isNull()).isTrue();
    assertThat(made.json().path("user").path("emailVerified").asBoolean()).isFalse();
    assertProblem(ada.signIn(Person.PASSWORD), 403, "EMAIL_NOT_VERIFIED");
    assertThat(ada.get("/api/auth/verify-email?token=guess").status()).isEqualTo(401);
    String link = mails.link(ada.email(), "verify-email");
    TestClient.Answer verified = ada.get(link);
    assertThat(verified.status()).isEqualTo(302);
    assertThat(verified.response().headers().firstValue("Location"))
        .hasValue(server.mainstay().url() + "/");
    // What reads mail before people do opens links too.
    assertThat(ada.get(link).status()).isEqualTo(302);

    TestClient.Answer in = ada.signIn(Person.PASSWORD);
    assertThat(in.status()).isEqualTo(200);
    assertThat(in.json().path("redirect").asBoolean(true)).isFalse();
    JsonNode session = ada.session();
    assertThat(session.path("user").path("email").asText()).isEqualTo(ada.email());
    assertThat(session.path("session").path("token")).isEqualTo(in.json().path("token"));
    assertThat(ada.cookie().orElseThrow()).doesNotContain(in.json().path("token").asText());
    assertThat(ada.get("/api/me").json().path("scopes").toString())
        .contains("tasks:write")
        .doesNotContain("instance:admin");
    assertThat(ada.get("/api/tasks").status()).isEqualTo(200);
    assertThat(ada.get("/api/admin/mails").status()).isEqualTo(403);

    assertThat(ada.auth("sign-out", Map.of()).body()).isEqualTo("{\"success\":true}");
    assertThat(ada.session().isNull()).isTrue();
  }

  /** Everything but the ids and times, and the order of the members too. */
  private static String shape(TestClient.Answer answer) {
    ObjectNode body = (ObjectNode) answer.json();
    ObjectNode user = (ObjectNode) body.path("user");
    for (String field : List.of("id", "email", "createdAt", "updatedAt")) {
      assertThat(user.path(field).asText()).isNotEmpty();
      user.put(field, field.length());
    }
    return answer.status() + " " + body;
  }

  @Test
  void signingUpDoesNotTellWhoHasAnAccount() throws Exception {
    Person bob = signedUp("bob");
    String known = shape(bob.onAnotherDevice(server.mainstay().url()).signUp());
    String unknown = shape(person("nobody-yet").signUp());
    assertThat(known).isEqualTo(unknown);
    assertThat(mails.text(bob.email(), "account-exists")).contains("/sign-in");
    // The password of whoever was there stays.
    assertThat(bob.signIn(Person.PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void nothingElseTellsWhoHasAnAccount() throws Exception {
    Person carol = signedUp("carol");
    Person stranger = person("stranger");
    for (String path :
        List.of("request-password-reset", "send-verification-email", "sign-in/magic-link")) {
      TestClient.Answer known = stranger.auth(path, Map.of("email", carol.email()));
      TestClient.Answer unknown = stranger.auth(path, Map.of("email", "x@example.com"));
      assertThat(known.status()).as(path).isEqualTo(200);
      assertThat(known.body()).isEqualTo(unknown.body());
    }
    TestClient.Answer wrong = carol.signIn(OTHER);
    assertProblem(wrong, 401, "INVALID_EMAIL_OR_PASSWORD");
    assertThat(person("unknown").signIn(OTHER).body()).isEqualTo(wrong.body());
    assertThat(mails.list("x@example.com", "reset-password")).isEmpty();
  }

  @Test
  void tenWrongGuessesShutTheDoorWhetherThereIsAnAccountOrNot() throws Exception {
    for (Person guesser : List.of(signedUp("dave"), person("nobody-at-all"))) {
      for (int i = 0; i < 10; i++) {
        assertThat(guesser.signIn(OTHER).status()).isEqualTo(401);
      }
      TestClient.Answer shut = guesser.signIn(Person.PASSWORD);
      assertProblem(shut, 429, "TOO_MANY_REQUESTS");
      assertThat(
              Integer.parseInt(shut.response().headers().firstValue("Retry-After").orElseThrow()))
          .isBetween(1, 901);
    }
    // Whoever reads the mail still comes in.
    Person dave = person("dave");
    dave.auth("sign-in/magic-link", Map.of("email", dave.email()));
    dave.get(mails.link(dave.email(), "magic-link"));
    assertThat(dave.isSignedIn()).isTrue();
  }

  private static <T> List<T> atOnce(int count, Callable<T> call) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        futures.add(threads.submit(call));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }

  @Test
  void guessesAtOnceAreNoMoreThanGuessesInTurn() throws Exception {
    List<Integer> answers = atOnce(20, () -> person("parallel").signIn(OTHER).status());
    assertThat(answers).filteredOn(status -> status == 401).hasSize(10);
    assertThat(answers).filteredOn(status -> status == 429).hasSize(10);
  }

  @Test
  void aNewPasswordIsSetByMailOnceAndEndsAllSessions() throws Exception {
    Person erin = signedUp("erin");
    Person thief = erin.onAnotherDevice(server.mainstay().url());
    thief.signIn(Person.PASSWORD);
    erin.auth("request-password-reset", Map.of("email", erin.email(), "redirectTo", "/reset?a=b"));
    String link = mails.link(erin.email(), "reset-password");
    TestClient.Answer to = erin.get(link);
    String location = to.response().headers().firstValue("Location").orElseThrow();
    assertThat(location).startsWith(server.mainstay().url() + "/reset?a=b&token=");
    String token = location.substring(location.indexOf("token=") + 6);

    assertProblem(
        erin.auth("reset-password", Map.of("token", token, "newPassword", "short")),
        400,
        "PASSWORD_TOO_SHORT");
    assertProblem(
        erin.auth("reset-password", Map.of("token", token, "newPassword", "Password123")),
        400,
        "PASSWORD_COMPROMISED");
    List<Integer> answers =
        atOnce(
            5,
            () ->
                person("x")
                    .auth("reset-password", Map.of("token", token, "newPassword", OTHER))
                    .status());
    assertThat(answers).filteredOn(status -> status == 200).hasSize(1);
    assertThat(answers).filteredOn(status -> status == 400).hasSize(4);
    assertThat(thief.isSignedIn()).isFalse();
    assertThat(erin.isSignedIn()).isFalse();
    assertThat(erin.signIn(Person.PASSWORD).status()).isEqualTo(401);
    assertThat(erin.signIn(OTHER).status()).isEqualTo(200);
    assertThat(mails.text(erin.email(), "security-notice")).contains("password");
    assertThat(erin.get(link).response().headers().firstValue("Location").orElseThrow())
        .contains("error=INVALID_TOKEN");
  }

  @Test
  void aLinkIsGoodForWhatItWasMadeForAlone() throws Exception {
    Person frank = signedUp("frank");
    frank.auth("sign-in/magic-link", Map.of("email", frank.email()));
    String link = mails.link(frank.email(), "magic-link");
    String token = link.replaceFirst(".*token=([^&]+).*", "$1");
    assertProblem(
        frank.auth("reset-password", Map.of("token", token, "newPassword", OTHER)),
        400,
        "INVALID_TOKEN");
    assertThat(frank.get("/api/auth/verify-email?token=" + token).status()).isEqualTo(401);
    Person used = person("frank");
    assertThat(used.get(link).status()).isEqualTo(302);
    assertThat(used.isSignedIn()).isTrue();
  }

  @Test
  void passwordsAreChangedByTheOldOne() throws Exception {
    Person grace = signedUp("grace");
    Person other = grace.onAnotherDevice(server.mainstay().url());
    other.signIn(Person.PASSWORD);
    assertProblem(
        grace.auth(
            "change-password",
            Map.of("currentPassword", OTHER, "newPassword", "new good password")),
        400,
        "INVALID_PASSWORD");
    TestClient.Answer changed =
        grace.auth(
            "change-password",
            Map.of(
                "currentPassword",
                Person.PASSWORD,
                "newPassword",
                OTHER,
                "revokeOtherSessions",
                true));
    assertThat(changed.status()).as(changed.body()).isEqualTo(200);
    assertThat(grace.isSignedIn()).isTrue();
    assertThat(other.isSignedIn()).isFalse();
    assertThat(other.signIn(OTHER).status()).isEqualTo(200);
  }

  @Test
  void passwordsOfAllScriptsAreTakenAndLongOnesRefused() throws Exception {
    Person heidi = person("heidi");
    String composed = "pa\u00df Caf\u00e9 \ud83d\udd11";
    heidi.auth("sign-up/email", Map.of("name", "H", "email", heidi.email(), "password", composed));
    heidi.get(mails.link(heidi.email(), "verify-email"));
    assertThat(heidi.signIn("pa\u00df Cafe\u0301 \ud83d\udd11").status()).isEqualTo(200);
    for (String path : List.of("sign-up/email", "sign-in/email")) {
      Map<String, String> body =
          path.startsWith("sign-up")
              ? Map.of("name", "L", "email", "l@example.com", "password", "x".repeat(129))
              : Map.of("email", "l@example.com", "password", "x".repeat(129));
      assertProblem(heidi.auth(path, body), 400, "PASSWORD_TOO_LONG");
    }
    assertProblem(
        heidi.auth(
            "sign-up/email",
            Map.of("name", "L", "email", "longlocalpart@example.com", "password", "longlocalpart")),
        400,
        "PASSWORD_COMPROMISED");
  }

  @Test
  void onlyOneAddressIsTaken() throws Exception {
    for (String email :
        List.of(
            "a@example.com,b@example.com",
            "a@example.com\r\nBcc: b@example.com",
            "a\u0000@example.com",
            "a b@example.com",
            "\"a@b\"@example.com",
            "a@[127.0.0.1]",
            "a@localhost",
            "a@example.com@example.org",
            "<a@example.com>",
            "@example.com",
            "a".repeat(65) + "@example.com",
            "a@" + "x".repeat(64) + ".com",
            "")) {
      TestClient.Answer answer =
          person("x")
              .auth(
                  "sign-up/email",
                  Map.of("name", "x", "email", email, "password", Person.PASSWORD));
      assertThat(answer.status()).as(email).isEqualTo(400);
    }
    // Other characters that mean the same are the same address.
    Person ivan = signedUp("ivan");
    assertThat(
            ivan.auth(
                    "sign-in/email",
                    Map.of("email", "IVAN\uff20example\uff0ecom", "password", Person.PASSWORD))
                .status())
        .isEqualTo(200);
  }

  /** CVE-2025-61928: what a body says never makes somebody another one. */
  @Test
  void aBodyDoesNotChooseTheUser() throws Exception {
    Person judy = signedUp("judy");
    String id = judy.session().path("user").path("id").asText();
    Person mallory = signedUp("mallory");
    assertThat(mallory.auth("update-user", Map.of("name", "x", "userId", id)).status())
        .isEqualTo(400);
    assertThat(mallory.auth("update-user", Map.of("role", "admin")).status()).isEqualTo(400);
    assertThat(mallory.auth("update-user", Map.of("email", "m@example.com")).status())
        .isEqualTo(400);
    assertThat(
            person("y")
                .auth(
                    "sign-up/email",
                    Map.of(
                        "name",
                        "y",
                        "email",
                        "y@example.com",
                        "password",
                        Person.PASSWORD,
                        "emailVerified",
                        true))
                .status())
        .isEqualTo(400);
  }

  @Test
  void nothingThatOpensADoorIsInTheDatabase() throws Exception {
    Person kim = signedUp("kim");
    kim.auth("request-password-reset", Map.of("email", kim.email()));
    kim.auth("sign-in/magic-link", Map.of("email", kim.email()));
    kim.auth("email-otp/send-verification-otp", Map.of("email", kim.email(), "type", "sign-in"));
    List<String> canaries = new ArrayList<>();
    canaries.add(Person.PASSWORD);
    canaries.add(kim.cookie().orElseThrow());
    for (String kind : List.of("verify-email", "reset-password", "magic-link")) {
      canaries.add(mails.token(kim.email(), kind));
    }
    canaries.add("\n" + mails.code(kim.email()) + "\n");
    String dump = TestDatabases.dump(directory.resolve("data"));
    assertThat(dump).contains(kim.email()).contains("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(canaries).noneMatch(dump::contains);
  }
}
