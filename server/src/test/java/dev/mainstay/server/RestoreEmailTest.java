package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The former mailbox takes a change of address back. */
class RestoreEmailTest {
  private static final String OTHER = "another good password";

  @TempDir static Path directory;
  private static TestServer server;
  private static TestPeople people;
  private static Mailbox mails;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    people = new TestPeople(server, directory);
    mails = new Mailbox(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Whoever is at the session gives the account another address. */
  private static void move(Person person, String to) throws Exception {
    person.auth("email-otp/request-email-change", Map.of("newEmail", to));
    TestClient.Answer moved =
        person.auth("email-otp/change-email", Map.of("newEmail", to, "otp", mails.code(to)));
    assertThat(moved.status()).as(moved.body()).isEqualTo(200);
  }

  private static TestClient.Answer restore(Person person, String token) throws Exception {
    return person.auth("restore-email", Map.of("token", token));
  }

  @Test
  void theOwnerHasTheAccountAgain() throws Exception {
    Person owner = Person.signedUp(server, mails, "owner");
    String before = owner.post("/api/keys", Map.of("name", "old")).json().path("key").asText();
    Person thief = owner.onAnotherDevice(server.mainstay().url());
    thief.signIn(Person.PASSWORD);
    move(thief, "thief@evil.example");
    String since = thief.post("/api/keys", Map.of("name", "new")).json().path("key").asText();
    thief.auth("change-password", Map.of("currentPassword", Person.PASSWORD, "newPassword", OTHER));
    String token = mails.token(owner.email(), "email-changed");
    assertThat(mails.page(owner.email(), "email-changed").getPath())
        .isEqualTo("/links/restore-email");

    Person anywhere = owner.onAnotherDevice(server.mainstay().url());
    TestClient.Answer restored = restore(anywhere, token);
    assertThat(restored.status()).as(restored.body()).isEqualTo(200);
    assertThat(thief.isSignedIn()).isFalse();
    assertThat(new TestClient(server.mainstay().url(), since).get("/api/me").status())
        .isEqualTo(401);
    assertThat(new TestClient(server.mainstay().url(), before).get("/api/me").status())
        .isEqualTo(200);
    String password = restored.json().path("passwordToken").asText();
    assertThat(
            anywhere
                .auth("reset-password", Map.of("token", password, "newPassword", "third password"))
                .status())
        .isEqualTo(200);
    assertThat(anywhere.signIn("third password").status()).isEqualTo(200);
    assertThat(restore(anywhere, token).status()).as("once").isEqualTo(401);
    assertThat(mails.text("thief@evil.example", "security-notice")).contains("former one again");
  }

  @Test
  void aSecondChangeDoesNotGiveTheThiefALinkOfTheirOwn() throws Exception {
    Person owner = Person.signedUp(server, mails, "twice");
    Person thief = owner.onAnotherDevice(server.mainstay().url());
    thief.signIn(Person.PASSWORD);
    move(thief, "first@evil.example");
    move(thief, "second@evil.example");
    String thiefs = mails.token("first@evil.example", "email-changed");
    assertThat(restore(owner, mails.token(owner.email(), "email-changed")).status()).isEqualTo(200);
    assertThat(restore(thief, thiefs).status()).isEqualTo(401);
  }

  @Test
  void aThiefWhoTakesTheSecondChangeBackLeavesTheOwnersLinkGood() throws Exception {
    Person owner = Person.signedUp(server, mails, "burnt");
    Person thief = owner.onAnotherDevice(server.mainstay().url());
    thief.signIn(Person.PASSWORD);
    move(thief, "burnt-1@evil.example");
    move(thief, "burnt-2@evil.example");
    assertThat(restore(thief, mails.token("burnt-1@evil.example", "email-changed")).status())
        .isEqualTo(200);
    assertThat(restore(owner, mails.token(owner.email(), "email-changed")).status()).isEqualTo(200);
    assertThat(people.value("select count(*) from users where email = 'burnt@example.com'"))
        .isEqualTo("1");
  }

  @Test
  void aSignUpThatNobodyConfirmsDoesNotHoldTheFormerAddress() throws Exception {
    Person owner = Person.signedUp(server, mails, "squatted");
    move(owner, "squatted@evil.example");
    Person thief = owner.onAnotherDevice(server.mainstay().url());
    assertThat(thief.signUp().status()).isEqualTo(200);
    String squatter = people.value("select id from users where email = 'squatted@example.com'");
    TestClient.Answer restored = restore(owner, mails.token(owner.email(), "email-changed"));
    assertThat(restored.status()).as(restored.body()).isEqualTo(200);
    assertThat(people.value("select id from users where email = 'squatted@example.com'"))
        .isNotEqualTo(squatter);
    assertThat(thief.signIn(Person.PASSWORD).status()).isEqualTo(401);
    // Whoever presses the button of the sign-up's mail now finds it is good for nothing.
    assertThat(
            thief
                .auth("verify-email", Map.of("token", mails.token(owner.email(), "verify-email")))
                .status())
        .isEqualTo(401);
  }

  @Test
  void theLinkOutlivesTheRemovalOfWhoeverHeldTheAddressMeanwhile() throws Exception {
    Person owner = Person.signedUp(server, mails, "removed");
    move(owner, "removed@evil.example");
    String token = mails.token(owner.email(), "email-changed");
    Person next = Person.signedUp(server, mails, "removed");
    assertThat(next.auth("delete-user", Map.of("password", Person.PASSWORD)).status())
        .isEqualTo(200);
    assertThat(restore(owner, token).status()).isEqualTo(200);
  }

  @Test
  void aThiefCannotDeleteTheAccountBeforeTheOwnerTakesItBack() throws Exception {
    Person owner = Person.signedUp(server, mails, "deleted");
    Person thief = owner.onAnotherDevice(server.mainstay().url());
    thief.signIn(Person.PASSWORD);
    thief.auth("delete-user", Map.of());
    String before = mails.token(owner.email(), "delete-account");
    move(thief, "deleted@evil.example");
    // The new mailbox is the thief's, and so is a password that is set by it.
    thief.auth("request-password-reset", Map.of("email", "deleted@evil.example"));
    String reset = mails.token("deleted@evil.example", "reset-password");
    thief.auth("reset-password", Map.of("token", reset, "newPassword", OTHER));
    thief.auth("sign-in/email", Map.of("email", "deleted@evil.example", "password", OTHER));
    assertThat(thief.isSignedIn()).isTrue();
    for (Map<String, String> body :
        java.util.List.of(
            Map.<String, String>of(), Map.of("password", OTHER), Map.of("token", before))) {
      assertThat(thief.auth("delete-user", body).status()).isIn(404, 409);
    }
    assertThat(restore(owner, mails.token(owner.email(), "email-changed")).status()).isEqualTo(200);
    // Who knows the password from before is the owner, and needs no mailbox.
    Person other = Person.signedUp(server, mails, "deleted-later");
    move(other, "deleted-later@new.example");
    assertThat(other.auth("delete-user", Map.of("password", Person.PASSWORD)).status())
        .isEqualTo(200);
  }

  @Test
  void ofTwoWhoTakeAChangeBackAtOnceOneDoes() throws Exception {
    Person owner = Person.signedUp(server, mails, "restored-twice");
    move(owner, "restored-twice@new.example");
    String token = mails.token(owner.email(), "email-changed");
    Person other = owner.onAnotherDevice(server.mainstay().url());
    assertThat(
            Races.together(
                () -> restore(owner, token).status(), () -> restore(other, token).status()))
        .containsExactlyInAnyOrder(200, 401);
  }

  @Test
  void aLinkIsGoodForSevenDays() throws Exception {
    Person owner = Person.signedUp(server, mails, "late");
    move(owner, "late@new.example");
    String token = mails.token(owner.email(), "email-changed");
    String life =
        people.value(
            "select (expires_at - created_at) / 86400000 from verifications"
                + " where purpose = 'restore-email' order by id desc limit 1");
    assertThat(life).isEqualTo("7");
    people.execute("update verifications set expires_at = 1 where purpose = 'restore-email'");
    assertThat(restore(owner, token).status()).isEqualTo(401);
  }

  @Test
  void anAddressThatSomebodyElseHasByNowIsTheirs() throws Exception {
    Person owner = Person.signedUp(server, mails, "left");
    move(owner, "left@new.example");
    String token = mails.token(owner.email(), "email-changed");
    Person next = Person.signedUp(server, mails, "left");
    assertThat(restore(owner, token).status()).isEqualTo(409);
    assertThat(next.isSignedIn()).isTrue();
  }
}
