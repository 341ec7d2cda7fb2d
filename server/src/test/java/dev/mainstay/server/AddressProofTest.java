package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Json;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An account belongs to whoever proves its address, whichever way they come. A stranger who was
 * first with the address has nothing of it: no password, no session, no membership.
 */
class AddressProofTest {
  private static final String STRANGERS = "the stranger's password";
  private static final String OWN = "the owner's password";
  private static final String DOMAIN = "proof.example.org";
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @TempDir static Path directory;
  private static TestServer server;
  private static TestPeople people;
  private static Mailbox mails;
  private static String organization = "";

  /** Whose address it is, and who was there first. */
  private Person owner;

  private Person stranger;

  /** How the address is proved. */
  enum Way {
    BUTTON,
    CODE,
    SIGN_IN_BY_CODE,
    MAGIC_LINK,
    MAGIC_LINK_BY_BUTTON,
    RESET_BY_LINK,
    RESET_BY_CODE
  }

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    people = new TestPeople(server, directory);
    mails = new Mailbox(server);
    TestPeople.Person admin = people.signUp("domain-owner");
    organization =
        TestPeople.ok(
                admin.organization(
                    "create", Json.object().put("name", "Company").put("slug", "company")))
            .path("id")
            .asText();
    people.execute(
        "insert into organization_domains (id, organization_id, domain, mode, verified_at, created_at)"
            + " values ('%s', '%s', '%s', 'auto-join', 1, 1)"
                .formatted(Ids.next(), organization, DOMAIN));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void come() {
    String name = "person-" + NUMBER.incrementAndGet();
    owner = Person.at(server.mainstay().url(), name + "@" + DOMAIN);
    stranger = owner.onAnotherDevice(server.mainstay().url());
  }

  private static TestClient.Answer signUp(Person person, String password) throws Exception {
    TestClient.Answer answer =
        person.auth(
            "sign-up/email",
            Map.of("name", "Somebody", "email", person.email(), "password", password));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private TestClient.Answer press(Person person) throws Exception {
    return person.auth(
        "verify-email", Map.of("token", mails.token(person.email(), "verify-email")));
  }

  private String value(String what) {
    return people.value("select %s from users where email = '%s'".formatted(what, owner.email()));
  }

  private boolean isMember() {
    return !people
        .value(
            "select count(*) from members m join users u on u.id = m.user_id"
                + " where u.email = '%s' and m.organization_id = '%s'"
                    .formatted(owner.email(), organization))
        .equals("0");
  }

  private void prove(Way way) throws Exception {
    String email = owner.email();
    switch (way) {
      case BUTTON -> assertThat(press(owner).status()).isEqualTo(200);
      case CODE -> {
        send("email-verification");
        Map<String, String> body = Map.of("email", email, "otp", mails.code(email));
        assertThat(owner.auth("email-otp/verify-email", body).status()).isEqualTo(200);
      }
      case SIGN_IN_BY_CODE -> {
        send("sign-in");
        Map<String, String> body = Map.of("email", email, "otp", mails.code(email));
        assertThat(owner.auth("sign-in/email-otp", body).status()).isEqualTo(200);
      }
      case MAGIC_LINK -> {
        owner.auth("sign-in/magic-link", Map.of("email", email));
        owner.get(mails.link(email, "magic-link"));
        assertThat(owner.isSignedIn()).isTrue();
      }
      case MAGIC_LINK_BY_BUTTON -> {
        owner.auth("sign-in/magic-link", Map.of("email", email, "callbackURL", "/tasks"));
        TestClient.Answer in =
            owner.auth(
                "magic-link/verify",
                Map.of("token", mails.token(email, "magic-link"), "callbackURL", "/tasks"));
        assertThat(in.json().path("url").asText()).isEqualTo(server.mainstay().url() + "/tasks");
      }
      case RESET_BY_LINK -> {
        owner.auth("request-password-reset", Map.of("email", email));
        reset(mails.token(email, "reset-password"));
      }
      case RESET_BY_CODE -> {
        owner.auth("email-otp/request-password-reset", Map.of("email", email));
        assertThat(
                owner
                    .auth(
                        "email-otp/reset-password",
                        Map.of("email", email, "otp", mails.code(email), "password", OWN))
                    .status())
            .isEqualTo(200);
      }
    }
  }

  private void send(String type) throws Exception {
    owner.auth("email-otp/send-verification-otp", Map.of("email", owner.email(), "type", type));
  }

  private void reset(String token) throws Exception {
    assertThat(owner.auth("reset-password", Map.of("token", token, "newPassword", OWN)).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void theStrangersPasswordIsGone(Way way) throws Exception {
    signUp(stranger, STRANGERS);
    prove(way);
    assertThat(value("email_verified")).isIn("true", "1");
    assertThat(stranger.signIn(STRANGERS).status()).isEqualTo(401);
    assertThat(isMember()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void theStrangersPasswordIsGoneAlsoIfTheOwnerSignsUpToo(Way way) throws Exception {
    signUp(stranger, STRANGERS);
    signUp(owner, OWN);
    prove(way);
    assertThat(stranger.signIn(STRANGERS).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @EnumSource
  void theStrangersPasswordIsGoneAlsoIfTheStrangerComesLast(Way way) throws Exception {
    signUp(owner, OWN);
    signUp(stranger, STRANGERS);
    prove(way);
    assertThat(stranger.signIn(STRANGERS).status()).isEqualTo(401);
  }

  @Test
  void theSecondSignUpReplacesWhatWasPending() throws Exception {
    signUp(stranger, STRANGERS);
    signUp(owner, OWN);
    assertThat(stranger.signIn(STRANGERS).status()).isEqualTo(401);
    assertThat(press(owner).json().has("passwordToken")).isFalse();
    assertThat(owner.signIn(OWN).status()).isEqualTo(200);
  }

  @Test
  void thePasswordOfThisBrowserStays() throws Exception {
    signUp(owner, OWN);
    TestClient.Answer pressed = press(owner);
    assertThat(pressed.json().has("passwordToken")).as(pressed.body()).isFalse();
    assertThat(owner.signIn(OWN).status()).isEqualTo(200);
    assertThat(isMember()).isTrue();
  }

  @Test
  void whoPressesTheButtonElsewhereSetsAPassword() throws Exception {
    signUp(stranger, STRANGERS);
    JsonNode pressed = press(owner).json();
    reset(pressed.path("passwordToken").asText());
    assertThat(owner.signIn(OWN).status()).isEqualTo(200);
    assertThat(stranger.signIn(STRANGERS).status()).isEqualTo(401);
    assertThat(press(owner).status()).as("the link again").isEqualTo(200);
  }

  @Test
  void whatOpensLinksByItselfChangesNothing() throws Exception {
    signUp(owner, OWN);
    String path = mails.link(owner.email(), "verify-email");
    Person scanner = owner.onAnotherDevice(server.mainstay().url());
    for (int i = 0; i < 3; i++) {
      TestClient.Answer opened = scanner.get(path);
      assertThat(opened.status()).isEqualTo(302);
      assertThat(opened.response().headers().firstValue("Location").orElseThrow())
          .startsWith(server.mainstay().url() + "/links/verify-email#token=");
      assertThat(scanner.get(path.replaceFirst("&.*", "")).status()).isEqualTo(403);
    }
    assertThat(value("email_verified")).isIn("false", "0");
    assertThat(isMember()).isFalse();
    // The same request where one has signed up is the person's.
    assertThat(owner.get(path).status()).isEqualTo(302);
    assertThat(owner.signIn(OWN).status()).isEqualTo(200);
    assertThat(isMember()).isTrue();
  }

  @Test
  void theLinkOfAMailIsAPageWithTheTokenBehindTheHash() throws Exception {
    signUp(owner, OWN);
    owner.auth("sign-in/magic-link", Map.of("email", owner.email(), "callbackURL", "/a?b=c"));
    for (String kind : List.of("verify-email", "magic-link")) {
      URI page = mails.page(owner.email(), kind);
      assertThat(page.getPath()).startsWith("/links/");
      assertThat(page.getRawQuery()).isNull();
      assertThat(page.getFragment()).startsWith("token=");
    }
  }

  @Test
  void aSignUpFromBeforeBrowsersWereKnownIsNobodys() throws Exception {
    signUp(owner, OWN);
    people.execute("update accounts set set_by_browser = null");
    assertThat(owner.get(mails.link(owner.email(), "verify-email")).status()).isEqualTo(302);
    assertThat(value("email_verified")).isIn("false", "0");
    assertThat(press(owner).json().path("passwordToken").asText()).isNotEmpty();
    assertThat(owner.signIn(OWN).status()).isEqualTo(401);
  }

  @Test
  void whatElseIsOnAnAccountOfWhichTheAddressIsNotProvedGoesToo() throws Exception {
    signUp(stranger, STRANGERS);
    people.execute("update users set email_verified = true where email = '" + owner.email() + "'");
    assertThat(stranger.signIn(STRANGERS).status()).isEqualTo(200);
    String key = stranger.post("/api/keys", Map.of("name", "k")).json().path("key").asText();
    people.execute("update users set email_verified = false where email = '" + owner.email() + "'");
    String user = value("id");
    people.execute(
        "insert into accounts (id, user_id, provider_id, issuer, account_id, created_at, updated_at)"
            + " values ('%s', '%s', 'x', 'https://x.example', 'x%s', 1, 1)"
                .formatted(Ids.next(), user, user));
    people.execute(
        "insert into passkeys (id, user_id, credential_id, aaguid, public_key, counter, backup_able,"
            + " backed_up, transports, created_at)"
            + " values ('%s', '%s', 'c%s', '', '', 0, false, false, '', 1)"
                .formatted(Ids.next(), user, user));
    press(owner);
    assertThat(stranger.isSignedIn()).isFalse();
    assertThat(new TestClient(server.mainstay().url(), key).get("/api/me").status()).isEqualTo(401);
    for (String table : List.of("accounts", "passkeys", "sessions")) {
      assertThat(
              people.value("select count(*) from %s where user_id = '%s'".formatted(table, user)))
          .as(table)
          .isEqualTo("0");
    }
  }

  @Test
  void anAdministratorsPasswordStays() throws Exception {
    TestClient admin = server.adminClient();
    admin.post(
        "/api/auth/admin/create-user",
        "{\"email\":\"%s\",\"name\":\"N\",\"password\":\"%s\"}".formatted(owner.email(), OWN));
    // A stranger's sign-up does not replace it.
    signUp(stranger, STRANGERS);
    press(owner);
    assertThat(owner.signIn(OWN).status()).isEqualTo(200);
    assertThat(stranger.signIn(STRANGERS).status()).isEqualTo(401);
  }

  @Test
  void nobodyGetsAStrangersAddressByTheirButton() throws Exception {
    Person thief = Person.signedUp(server, mails, "thief-" + NUMBER.incrementAndGet());
    String wanted = owner.email();
    thief.auth("change-email", Map.of("newEmail", wanted));
    String agreed = mails.token(thief.email(), "confirm-new-email");
    assertThat(thief.auth("verify-email", Map.of("token", agreed)).status()).isEqualTo(200);
    String token = mails.token(wanted, "verify-new-email");
    assertThat(owner.get("/api/auth/verify-email?token=" + token).status()).isEqualTo(403);
    TestClient.Answer pressed = owner.auth("verify-email", Map.of("token", token));
    assertThat(pressed.status()).isEqualTo(401);
    assertThat(pressed.json().path("code").asText()).isEqualTo("SIGN_IN_REQUIRED");
    Person other = Person.signedUp(server, mails, "other-" + NUMBER.incrementAndGet());
    assertThat(other.auth("verify-email", Map.of("token", token)).status()).isEqualTo(401);
    assertThat(thief.session().path("user").path("email").asText()).isEqualTo(thief.email());
    // Signed in, and with the mail: it is theirs.
    assertThat(thief.auth("verify-email", Map.of("token", token)).status()).isEqualTo(200);
    assertThat(thief.session().path("user").path("email").asText()).isEqualTo(wanted);
  }

  @Test
  void whatReadsTheOldMailboxAgreesToNothing() throws Exception {
    Person victim = Person.signedUp(server, mails, "moving-" + NUMBER.incrementAndGet());
    String next = "next-" + victim.email();
    victim.auth("change-email", Map.of("newEmail", next));
    Person scanner = victim.onAnotherDevice(server.mainstay().url());
    String path = mails.link(victim.email(), "confirm-new-email");
    assertThat(scanner.get(path).status()).isEqualTo(302);
    assertThat(mails.list(next, "verify-new-email")).isEmpty();
    assertThat(victim.get(path).status()).isEqualTo(302);
    assertThat(mails.list(next, "verify-new-email")).hasSize(1);
  }

  @Test
  void theAddressThatAPageGoesToIsCheckedHereToo() throws Exception {
    signUp(owner, OWN);
    String token = mails.token(owner.email(), "verify-email");
    for (String path : List.of("verify-email", "magic-link/verify")) {
      TestClient.Answer refused =
          owner.auth(path, Map.of("token", token, "callbackURL", "https://evil.example"));
      assertThat(refused.json().path("code").asText()).isEqualTo("INVALID_CALLBACK_URL");
    }
    assertThat(value("email_verified")).isIn("false", "0");
  }
}
