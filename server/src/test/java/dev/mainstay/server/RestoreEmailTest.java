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
