package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names, addresses, leaving; and signing in without a password. */
class ProfileTest {
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

  private static Person signedUp(String name) throws Exception {
    return Person.signedUp(server, mails, name);
  }

  private static Person person(String name) {
    return new Person(server.mainstay().url(), name);
  }

  private static JsonNode user(Person person) throws Exception {
    return person.session().path("user");
  }

  @Test
  void nameAndPictureAreChanged() throws Exception {
    Person ada = signedUp("ada");
    assertThat(
            ada.auth("update-user", Map.of("name", "Ada", "image", "https://x.example/a.png"))
                .body())
        .isEqualTo("{\"status\":true}");
    assertThat(user(ada).path("name").asText()).isEqualTo("Ada");
    assertThat(user(ada).path("image").asText()).isEqualTo("https://x.example/a.png");
    ada.auth("update-user", Map.of("image", ""));
    assertThat(user(ada).path("image").isNull()).isTrue();
    assertThat(user(ada).path("name").asText()).isEqualTo("Ada");
    assertThat(ada.auth("update-user", Map.of()).status()).isEqualTo(400);
    for (String image :
        List.of("javascript:alert(1)", "data:text/html,x", "https://a\" onload=x")) {
      assertThat(ada.auth("update-user", Map.of("image", image)).status()).as(image).isEqualTo(400);
    }
  }

  @Test
  void anAddressIsChangedWhenTheOldAndTheNewOneAgree() throws Exception {
    Person bob = signedUp("bob");
    signedUp("taken");
    assertThat(bob.auth("change-email", Map.of("newEmail", bob.email())).status()).isEqualTo(400);
    String free = bob.auth("change-email", Map.of("newEmail", "bob@new.example")).body();
    assertThat(bob.auth("change-email", Map.of("newEmail", "taken@example.com")).body())
        .isEqualTo(free);
    assertThat(mails.list("bob@new.example", "verify-new-email")).isEmpty();

    // Whoever holds the mailbox alone, signed in as somebody else, changes nothing.
    Person mallory = signedUp("mallory");
    String agree = mails.link(bob.email(), "confirm-new-email");
    assertThat(mallory.get(agree).response().headers().firstValue("Location").orElseThrow())
        .contains("error=INVALID_USER");
    bob.auth("change-email", Map.of("newEmail", "bob@new.example"));
    bob.get(mails.link(bob.email(), "confirm-new-email"));
    assertThat(user(bob).path("email").asText()).isEqualTo(bob.email());
    bob.get(mails.link("bob@new.example", "verify-new-email"));
    assertThat(user(bob).path("email").asText()).isEqualTo("bob@new.example");
    assertThat(user(bob).path("emailVerified").asBoolean()).isTrue();
    assertThat(mails.text(bob.email(), "email-changed")).contains("another e-mail address");
    assertThat(person("bob").signIn(Person.PASSWORD).status()).isEqualTo(401);
  }

  /** GHSA-2vg6-77g8-24mp: nothing of somebody who went still opens a door. */
  @Test
  void whoLeavesIsGoneFromEverywhere() throws Exception {
    Person carol = signedUp("carol");
    Person elsewhere = carol.onAnotherDevice(server.mainstay().url());
    elsewhere.signIn(Person.PASSWORD);
    String key = carol.post("/api/keys", Map.of("name", "mine")).json().path("key").asText();
    TestClient byKey = new TestClient(server.mainstay().url(), key);
    assertThat(byKey.get("/api/me").status()).isEqualTo(200);
    carol.auth("sign-in/magic-link", Map.of("email", carol.email()));
    String link = mails.link(carol.email(), "magic-link");

    assertThat(carol.auth("delete-user", Map.of("password", "not my password")).status())
        .isEqualTo(400);
    assertThat(carol.auth("delete-user", Map.of()).json().path("message").asText())
        .isEqualTo("Verification email sent");
    assertThat(signedUp("dora").get(mails.link(carol.email(), "delete-account")).status())
        .isEqualTo(404);
    carol.auth("delete-user", Map.of());
    TestClient.Answer deleted = carol.get(mails.link(carol.email(), "delete-account"));
    assertThat(deleted.status()).as(deleted.body()).isEqualTo(302);

    assertThat(carol.isSignedIn()).isFalse();
    assertThat(elsewhere.isSignedIn()).isFalse();
    assertThat(byKey.get("/api/me").status()).isEqualTo(401);
    assertThat(person("carol").signIn(Person.PASSWORD).status()).isEqualTo(401);
    Person again = person("carol");
    // The link has proved the address, so it makes a new account, which has nothing of the old one.
    again.get(link);
    assertThat(again.isSignedIn()).isFalse();
    assertThat(Person.signedUp(server, mails, "carol").isSignedIn()).isTrue();
  }

  @Test
  void theOnlyAdministratorCannotLeave() throws Exception {
    String token = server.mainstay().identity().createSignInLink();
    Person owner = person("owner");
    assertThat(owner.post("/api/auth/link", Map.of("token", token)).status()).isEqualTo(204);
    assertThat(owner.auth("delete-user", Map.of()).status()).isEqualTo(409);
    assertThat(owner.isSignedIn()).isTrue();
  }

  @Test
  void aKeysSessionDoesNotChangeTheAccount() throws Exception {
    Person erin = signedUp("erin");
    String key =
        erin.post("/api/keys", Map.of("name", "small", "scopes", List.of("tasks:read")))
            .json()
            .path("key")
            .asText();
    Person thief = person("thief");
    assertThat(thief.post("/api/auth/key", Map.of("key", key)).status()).isEqualTo(204);
    assertThat(user(thief).path("email").asText()).isEqualTo(erin.email());
    assertThat(thief.auth("change-email", Map.of("newEmail", "thief@example.com")).status())
        .isEqualTo(403);
    assertThat(thief.auth("delete-user", Map.of()).status()).isEqualTo(403);
    assertThat(thief.auth("set-password", Map.of("newPassword", Person.PASSWORD)).status())
        .isEqualTo(403);
    assertThat(thief.get("/api/auth/list-accounts").status()).isEqualTo(403);
  }

  @Test
  void aMagicLinkIsUsedOnceAndMakesAccounts() throws Exception {
    Person frank = person("frank");
    frank.auth(
        "sign-in/magic-link",
        Map.of("email", frank.email(), "name", "Frank", "newUserCallbackURL", "/welcome"));
    String link = mails.link(frank.email(), "magic-link");
    TestClient.Answer in = frank.get(link);
    assertThat(in.response().headers().firstValue("Location").orElseThrow()).endsWith("/welcome");
    assertThat(user(frank).path("name").asText()).isEqualTo("Frank");
    assertThat(user(frank).path("emailVerified").asBoolean()).isTrue();
    Person second = person("frank");
    assertThat(second.get(link).response().headers().firstValue("Location").orElseThrow())
        .contains("error=INVALID_TOKEN");
    assertThat(second.isSignedIn()).isFalse();
  }

  /** Somebody signs up with another's address and waits: the password is gone when they come. */
  @Test
  void anUnprovenPasswordIsWorthlessOnceTheAddressIsProved() throws Exception {
    Person attacker = person("victim");
    attacker.signUp();
    Person victim = person("victim");
    victim.auth("sign-in/magic-link", Map.of("email", victim.email()));
    victim.get(mails.link(victim.email(), "magic-link"));
    assertThat(victim.isSignedIn()).isTrue();
    assertThat(attacker.signIn(Person.PASSWORD).status()).isEqualTo(401);
  }

  @Test
  void aCodeSignsInAndIsGuessedThreeTimesAtMost() throws Exception {
    Person grace = person("grace");
    Map<String, String> send = Map.of("email", grace.email(), "type", "sign-in");
    grace.auth("email-otp/send-verification-otp", send);
    String code = mails.code(grace.email());
    String wrong = code.equals("000000") ? "000001" : "000000";
    for (int i = 0; i < 3; i++) {
      TestClient.Answer answer =
          grace.auth("sign-in/email-otp", Map.of("email", grace.email(), "otp", wrong));
      assertThat(answer.json().path("code").asText()).isEqualTo("INVALID_OTP");
    }
    TestClient.Answer shut =
        grace.auth("sign-in/email-otp", Map.of("email", grace.email(), "otp", code));
    assertThat(shut.status()).isEqualTo(403);
    assertThat(shut.json().path("code").asText()).isEqualTo("TOO_MANY_ATTEMPTS");
    grace.auth("email-otp/send-verification-otp", send);
    TestClient.Answer in =
        grace.auth(
            "sign-in/email-otp", Map.of("email", grace.email(), "otp", mails.code(grace.email())));
    assertThat(in.status()).as(in.body()).isEqualTo(200);
    assertThat(grace.isSignedIn()).isTrue();
    assertThat(
            person("grace")
                .auth(
                    "sign-in/email-otp",
                    Map.of("email", grace.email(), "otp", mails.code(grace.email())))
                .status())
        .isEqualTo(400);
  }

  @Test
  void codesConfirmResetAndChange() throws Exception {
    Person heidi = person("heidi");
    heidi.signUp();
    heidi.auth(
        "email-otp/send-verification-otp",
        Map.of("email", heidi.email(), "type", "email-verification"));
    String code = mails.code(heidi.email());
    assertThat(
            heidi
                .auth(
                    "email-otp/check-verification-otp",
                    Map.of("email", heidi.email(), "type", "email-verification", "otp", code))
                .status())
        .isEqualTo(200);
    assertThat(
            heidi
                .auth("email-otp/verify-email", Map.of("email", heidi.email(), "otp", code))
                .status())
        .isEqualTo(200);
    heidi.auth("email-otp/request-password-reset", Map.of("email", heidi.email()));
    String password = "a password from a code";
    assertThat(
            heidi
                .auth(
                    "email-otp/reset-password",
                    Map.of(
                        "email",
                        heidi.email(),
                        "otp",
                        mails.code(heidi.email()),
                        "password",
                        password))
                .body())
        .isEqualTo("{\"success\":true}");
    assertThat(heidi.signIn(password).status()).isEqualTo(200);
    heidi.auth("email-otp/request-email-change", Map.of("newEmail", "heidi@new.example"));
    String change = mails.code("heidi@new.example");
    Person mallory = signedUp("mallory2");
    Map<String, String> body = Map.of("newEmail", "heidi@new.example", "otp", change);
    mallory.auth("email-otp/change-email", body);
    assertThat(user(mallory).path("email").asText()).isEqualTo(mallory.email());
    heidi.auth("email-otp/request-email-change", Map.of("newEmail", "heidi@new.example"));
    heidi.auth(
        "email-otp/change-email",
        Map.of("newEmail", "heidi@new.example", "otp", mails.code("heidi@new.example")));
    assertThat(user(heidi).path("email").asText()).isEqualTo("heidi@new.example");
  }

  @Test
  void nobodyIsSentToAnotherSite() throws Exception {
    Person ivan = person("ivan");
    for (String target :
        List.of(
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "https:evil.example",
            "/%2f/evil.example",
            "/%5cevil.example",
            "javascript:alert(1)",
            "https://localhost@evil.example",
            server.mainstay().url() + ".evil.example/",
            server.mainstay().url() + "@evil.example/",
            "/a\r\nSet-Cookie: x=y",
            "/a b",
            "")) {
      TestClient.Answer answer =
          ivan.auth("request-password-reset", Map.of("email", ivan.email(), "redirectTo", target));
      assertThat(answer.status()).as(target).isEqualTo(403);
      assertThat(answer.json().path("code").asText()).isEqualTo("INVALID_REDIRECT_URL");
    }
    for (String target : List.of("/tasks?q=a+b", server.mainstay().url() + "/x", "/a#b")) {
      assertThat(
              ivan.auth(
                      "request-password-reset", Map.of("email", ivan.email(), "redirectTo", target))
                  .status())
          .as(target)
          .isEqualTo(200);
    }
  }
}
