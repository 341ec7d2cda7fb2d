package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Json;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A second look at whose an account is, with the eyes of somebody who wants another's. */
class SecondLookAccountTest {
  private static final String STRANGERS = "the stranger's password";
  private static final String PICTURE = "https://evil.example/seen.png";
  private static final AtomicInteger NUMBER = new AtomicInteger();

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

  private static String name() {
    return "look-" + NUMBER.incrementAndGet();
  }

  private static Person signedUp() throws Exception {
    return Person.signedUp(server, mails, name());
  }

  private static Person at(String email) {
    return Person.at(server.mainstay().url(), email);
  }

  private static void ok(TestClient.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static String id(Person person) {
    return people.value("select id from users where email = '%s'".formatted(person.email()));
  }

  private static String accountsOf(String email) {
    return people.value("select count(*) from users where email = '%s'".formatted(email));
  }

  private static void strangersSignUp(Person stranger) throws Exception {
    ok(
        stranger.auth(
            "sign-up/email",
            Map.of(
                "name",
                "Evil",
                "email",
                stranger.email(),
                "password",
                STRANGERS,
                "image",
                PICTURE)));
  }

  private static void move(Person person, String to) throws Exception {
    ok(person.auth("email-otp/request-email-change", Map.of("newEmail", to)));
    ok(person.auth("email-otp/change-email", Map.of("newEmail", to, "otp", mails.code(to))));
  }

  /** An administrator gives a user another address, which waits to be confirmed. */
  private static Person given(Person person, String email) throws Exception {
    ok(
        server
            .adminClient()
            .post(
                "/api/auth/admin/update-user",
                Json.object()
                    .put("userId", id(person))
                    .set("data", Json.object().put("email", email))
                    .toString()));
    return at(email);
  }

  @Test
  void aStrangersSignUpDoesNotReplaceThePasswordOfAnAccountInUse() throws Exception {
    Person ada = signedUp();
    Person there = given(ada, "given-" + ada.email());
    strangersSignUp(there);
    // Ada is still signed in, and confirms: all that is on the account stays.
    ok(ada.auth("verify-email", Map.of("token", mails.token(there.email(), "verify-email"))));
    assertThat(there.signIn(STRANGERS).status()).isEqualTo(401);
    ok(there.signIn(Person.PASSWORD));
    JsonNode user = ada.session().path("user");
    assertThat(user.path("name").asText()).isEqualTo("Somebody");
    assertThat(user.path("image").isNull() || user.path("image").isMissingNode()).isTrue();
  }

  /** How a user takes another address. */
  enum Change {
    BY_LINK,
    BY_CODE
  }

  @ParameterizedTest
  @EnumSource
  void aStrangersSignUpHoldsNoAddressAgainstWhoReadsItsMail(Change how) throws Exception {
    Person ada = signedUp();
    Person stranger = at("wanted-" + ada.email());
    strangersSignUp(stranger);
    String squatter = id(stranger);
    switch (how) {
      case BY_CODE -> move(ada, stranger.email());
      case BY_LINK -> {
        ok(ada.auth("change-email", Map.of("newEmail", stranger.email())));
        ok(
            ada.auth(
                "verify-email", Map.of("token", mails.token(ada.email(), "confirm-new-email"))));
        ok(
            ada.auth(
                "verify-email",
                Map.of("token", mails.token(stranger.email(), "verify-new-email"))));
      }
    }
    assertThat(ada.session().path("user").path("email").asText()).isEqualTo(stranger.email());
    assertThat(stranger.signIn(STRANGERS).status()).isEqualTo(401);
    assertThat(accountsOf(stranger.email())).isEqualTo("1");
    assertThat(people.value("select count(*) from members where user_id = '" + squatter + "'"))
        .isEqualTo("0");
  }

  @ParameterizedTest
  @EnumSource
  void nobodyTakesTheAddressOfAnAccountInUse(Change how) throws Exception {
    Person ada = signedUp();
    Person thief = signedUp();
    Person there = given(ada, "in-use-" + ada.email());
    switch (how) {
      case BY_CODE ->
          thief.auth("email-otp/request-email-change", Map.of("newEmail", there.email()));
      case BY_LINK -> {
        thief.auth("change-email", Map.of("newEmail", there.email()));
        assertThat(mails.list(thief.email(), "confirm-new-email")).isEmpty();
      }
    }
    assertThat(mails.list(there.email(), "otp")).isEmpty();
    assertThat(mails.list(there.email(), "verify-new-email")).isEmpty();
    assertThat(id(there)).isNotEmpty();
    assertThat(ada.isSignedIn()).isTrue();
  }

  /** How an address is proved. */
  enum Way {
    BUTTON,
    CODE,
    SIGN_IN_BY_CODE,
    MAGIC_LINK
  }

  @ParameterizedTest
  @EnumSource
  void aStrangersNameAndPictureAreGoneWithTheRest(Way way) throws Exception {
    Person stranger = at(name() + "@example.com");
    strangersSignUp(stranger);
    Person owner = at(stranger.email());
    String email = owner.email();
    switch (way) {
      case BUTTON ->
          ok(owner.auth("verify-email", Map.of("token", mails.token(email, "verify-email"))));
      case CODE -> {
        owner.auth(
            "email-otp/send-verification-otp",
            Map.of("email", email, "type", "email-verification"));
        ok(owner.auth("email-otp/verify-email", Map.of("email", email, "otp", mails.code(email))));
      }
      case SIGN_IN_BY_CODE -> {
        owner.auth("email-otp/send-verification-otp", Map.of("email", email, "type", "sign-in"));
        ok(owner.auth("sign-in/email-otp", Map.of("email", email, "otp", mails.code(email))));
      }
      case MAGIC_LINK -> {
        owner.auth("sign-in/magic-link", Map.of("email", email));
        owner.get(mails.link(email, "magic-link"));
      }
    }
    assertThat(people.value("select name from users where email = '%s'".formatted(email)))
        .isEmpty();
    assertThat(people.value("select image from users where email = '%s'".formatted(email)))
        .isEqualTo("null");
  }

  /** A token of one mail, where another one is wanted. */
  @ParameterizedTest
  @CsvSource({
    "verify-email, magic-link/verify",
    "verify-email, restore-email",
    "verify-email, reset-password",
    "verify-email, delete-user",
    "magic-link, verify-email",
    "magic-link, restore-email",
    "magic-link, reset-password",
    "magic-link, delete-user",
    "reset-password, verify-email",
    "reset-password, magic-link/verify",
    "reset-password, restore-email",
    "reset-password, delete-user",
    "delete-account, verify-email",
    "delete-account, magic-link/verify",
    "delete-account, restore-email",
    "delete-account, reset-password",
    "email-changed, verify-email",
    "email-changed, magic-link/verify",
    "email-changed, reset-password",
    "email-changed, delete-user",
    "confirm-new-email, magic-link/verify",
    "confirm-new-email, restore-email",
    "confirm-new-email, reset-password",
    "verify-new-email, magic-link/verify",
    "verify-new-email, restore-email",
    "verify-new-email, reset-password"
  })
  void aTokenOpensNothingButItsOwn(String kind, String endpoint) throws Exception {
    Person ada = signedUp();
    String next = "next-" + ada.email();
    String token =
        switch (kind) {
          case "verify-email" -> mails.token(ada.email(), kind);
          case "magic-link" -> {
            ada.auth("sign-in/magic-link", Map.of("email", ada.email()));
            yield mails.token(ada.email(), kind);
          }
          case "reset-password" -> {
            ada.auth("request-password-reset", Map.of("email", ada.email()));
            yield mails.token(ada.email(), kind);
          }
          case "delete-account" -> {
            ada.auth("delete-user", Map.of());
            yield mails.token(ada.email(), kind);
          }
          case "email-changed" -> {
            move(ada, next);
            yield mails.token(ada.email(), kind);
          }
          case "confirm-new-email", "verify-new-email" -> {
            ada.auth("change-email", Map.of("newEmail", next));
            String agreed = mails.token(ada.email(), "confirm-new-email");
            if (kind.equals("confirm-new-email")) {
              yield agreed;
            }
            ada.auth("verify-email", Map.of("token", agreed));
            yield mails.token(next, kind);
          }
          default -> throw new IllegalArgumentException(kind);
        };
    Map<String, String> body =
        endpoint.equals("reset-password")
            ? Map.of("token", token, "newPassword", STRANGERS)
            : Map.of("token", token);
    assertThat(ada.auth(endpoint, body).status()).isIn(400, 401, 404, 409);
    assertThat(ada.isSignedIn()).isTrue();
  }

  /** What was sent to a mailbox opens nothing once the account has another address. */
  @ParameterizedTest
  @ValueSource(strings = {"magic-link", "reset-password", "code", "reset-code"})
  void theFormerMailboxOpensTheAccountByNothingButTheUndo(String kind) throws Exception {
    Person ada = signedUp();
    Person former = at(ada.email());
    String email = ada.email();
    switch (kind) {
      case "magic-link" -> ada.auth("sign-in/magic-link", Map.of("email", email));
      case "reset-password" -> ada.auth("request-password-reset", Map.of("email", email));
      case "code" ->
          ada.auth("email-otp/send-verification-otp", Map.of("email", email, "type", "sign-in"));
      default -> ada.auth("email-otp/request-password-reset", Map.of("email", email));
    }
    String secret = kind.endsWith("code") ? mails.code(email) : mails.token(email, kind);
    move(ada, "moved-" + email);
    int status =
        switch (kind) {
          case "magic-link" -> former.auth("magic-link/verify", Map.of("token", secret)).status();
          case "reset-password" ->
              former
                  .auth("reset-password", Map.of("token", secret, "newPassword", STRANGERS))
                  .status();
          case "code" ->
              former.auth("sign-in/email-otp", Map.of("email", email, "otp", secret)).status();
          default ->
              former
                  .auth(
                      "email-otp/reset-password",
                      Map.of("email", email, "otp", secret, "password", STRANGERS))
                  .status();
        };
    assertThat(status).isIn(400, 401);
    assertThat(former.isSignedIn()).isFalse();
    assertThat(accountsOf(email)).isEqualTo("0");
  }

  /** Other ways to write ada@xn--bcher-kva.example, which must not be other people. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ADA@B\u00dcCHER.EXAMPLE",
        "ada@bu\u0308cher.example",
        "\uff21\uff44\uff41@b\u00fccher.example",
        "ada@b\u00fccher\u3002example",
        "ada@b\u00fccher\uff0eexample",
        "ada@b\u00fc\u00adcher.example",
        "ada@XN--BCHER-KVA.example",
        "ada\uff20b\u00fccher.example",
        " ada@b\u00fccher.example "
      })
  void anotherSpellingIsNoSecondAccount(String spelling) throws Exception {
    String email = "ada@xn--bcher-kva.example";
    at(email).signUp();
    TestClient.Answer answer = at(spelling).signUp();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(people.value("select count(*) from users where email like 'ada@%cher%'"))
        .isEqualTo("1");
    assertThat(accountsOf(email)).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ada@example.com.",
        "ad\u0430@example.com",
        "ada\u200b@example.com",
        "ad\u0131@example.com",
        "\u0130da@example.com",
        "ada@example.com\u0000",
        "ada@example.com,eve@example.com",
        "ada@example.com@evil.example",
        "\"ada\"@example.com",
        "ada@[127.0.0.1]",
        "ada(x)@example.com",
        "ada@example..com"
      })
  void whatOnlyLooksLikeAnAddressIsNone(String text) throws Exception {
    assertThat(at(text).signUp().status()).isEqualTo(400);
  }

  @Test
  void anInvitationIsNotForWhoWasOnlyGivenTheAddress() throws Exception {
    TestPeople.Person inviter = people.signUp(name());
    String organization =
        TestPeople.ok(
                inviter.organization(
                    "create", Json.object().put("name", "O").put("slug", "given-address")))
            .path("id")
            .asText();
    Person thief = signedUp();
    String invited = "invited-" + thief.email();
    String invitation = Invitations.invite(inviter, invited, organization, "admin");
    Map<String, String> body = Map.of("invitationId", invitation);
    assertThat(thief.auth("organization/accept-invitation", body).status()).isEqualTo(403);
    Person there = given(thief, invited);
    assertThat(thief.auth("organization/accept-invitation", body).status()).isEqualTo(403);
    assertThat(thief.auth("organization/reject-invitation", body).status()).isEqualTo(403);
    // Nor is one that asks for the address, and has not proved it.
    assertThat(id(there)).isNotEmpty();
  }

  @Test
  void theUndoOfAChangeLetsNobodyJoinAgain() throws Exception {
    String domain = "undo.example.org";
    TestPeople.Person admin = people.signUp(name());
    String organization =
        TestPeople.ok(
                admin.organization("create", Json.object().put("name", "U").put("slug", "undo")))
            .path("id")
            .asText();
    people.execute(
        "insert into organization_domains (id, organization_id, domain, mode, verified_at, created_at)"
            + " values ('%s', '%s', '%s', 'auto-join', 1, 1)"
                .formatted(Ids.next(), organization, domain));
    Person leaver = at(name() + "@" + domain);
    leaver.signUp();
    leaver.get(mails.link(leaver.email(), "verify-email"));
    ok(leaver.signIn(Person.PASSWORD));
    String member =
        "select count(*) from members where organization_id = '%s' and user_id = '%s'"
            .formatted(organization, id(leaver));
    assertThat(people.value(member)).isEqualTo("1");
    move(leaver, "private-" + NUMBER.get() + "@example.com");
    String undo = mails.token(leaver.email(), "email-changed");
    TestPeople.ok(
        admin.organization(
            "remove-member",
            Json.object()
                .put("memberIdOrEmail", "private-" + NUMBER.get() + "@example.com")
                .put("organizationId", organization)));
    ok(leaver.auth("restore-email", Map.of("token", undo)));
    assertThat(people.value(member)).isEqualTo("0");
  }

  /** Programs that read mail look with HEAD first. */
  @ParameterizedTest
  @ValueSource(strings = {"magic-link", "verify-email", "delete-account"})
  void aHeadUsesNoLinkUp(String kind) throws Exception {
    Person ada = new Person(server.mainstay().url(), name());
    ada.signUp();
    if (!kind.equals("verify-email")) {
      ada.get(mails.link(ada.email(), "verify-email"));
      ada.signIn(Person.PASSWORD);
      ada.auth("sign-in/magic-link", Map.of("email", ada.email()));
      ada.auth("delete-user", Map.of());
    }
    String path = mails.link(ada.email(), kind);
    TestClient client = new TestClient(server.mainstay().url(), "");
    HttpRequest.Builder head =
        client.request(path).method("HEAD", HttpRequest.BodyPublishers.noBody());
    String cookies =
        ada.cookie().map(one -> "mainstay_session=" + one).orElse("x=y")
            + ada.cookieBeside("sign_up")
                .map(one -> "; mainstay_session_sign_up=" + one)
                .orElse("");
    client.send(head.header("Cookie", cookies));
    String user = "select count(*) from users where email = '" + ada.email() + "' and ";
    switch (kind) {
      case "magic-link" ->
          ok(ada.auth("magic-link/verify", Map.of("token", mails.token(ada.email(), kind))));
      case "verify-email" -> assertThat(people.value(user + "not email_verified")).isEqualTo("1");
      default -> assertThat(people.value(user + "deleted_at is null")).isEqualTo("1");
    }
  }

  @Test
  void theChallengeOfOneAccountIsNotMetByTheCodesOfAnother() throws Exception {
    Person victim = signedUp();
    JsonNode app = victim.auth("two-factor/enable", Map.of("password", Person.PASSWORD)).json();
    AuthenticatorApp generator = new AuthenticatorApp(app.path("totpURI").asText());
    ok(victim.auth("two-factor/verify-totp", Map.of("code", generator.next())));
    Person mallory = signedUp();
    JsonNode own = mallory.auth("two-factor/enable", Map.of("password", Person.PASSWORD)).json();
    AuthenticatorApp mallorys = new AuthenticatorApp(own.path("totpURI").asText());
    ok(mallory.auth("two-factor/verify-totp", Map.of("code", mallorys.next())));

    Person half = at(victim.email());
    ok(half.signIn(Person.PASSWORD));
    String backup = own.path("backupCodes").path(0).asText();
    assertThat(half.auth("two-factor/verify-backup-code", Map.of("code", backup)).status())
        .isEqualTo(401);
    // Signed in as oneself, with the victim's challenge beside: the proof is one's own, or none.
    mallory.plant("mainstay_session_two_factor", half.cookieBeside("two_factor"));
    TestClient.Answer swapped =
        mallory.auth("two-factor/verify-backup-code", Map.of("code", backup));
    assertThat(swapped.body()).doesNotContain(victim.email());
    assertThat(mallory.session().path("user").path("email").asText()).isEqualTo(mallory.email());
    // Nor is a browser that one trusts trusted for the other.
    mallory.auth("sign-out", Map.of());
    mallory.signIn(Person.PASSWORD);
    mallory.auth(
        "two-factor/verify-backup-code",
        Map.of("code", own.path("backupCodes").path(1).asText(), "trustDevice", true));
    Optional<String> trusted = mallory.cookieBeside("trusted");
    assertThat(trusted).isPresent();
    Person other = at(victim.email());
    other.plant("mainstay_session_trusted", trusted);
    assertThat(other.signIn(Person.PASSWORD).json().path("twoFactorRedirect").asBoolean()).isTrue();
  }

  @Test
  void ofTwoWhoConfirmAtOnceNobodyGetsTheStrangersPassword() throws Exception {
    for (int i = 0; i < 5; i++) {
      Person stranger = at(name() + "@example.com");
      strangersSignUp(stranger);
      Person owner = at(stranger.email());
      String token = mails.token(owner.email(), "verify-email");
      List<Integer> answers =
          Races.together(
              () -> owner.auth("verify-email", Map.of("token", token)).status(),
              () ->
                  stranger
                      .auth(
                          "sign-up/email",
                          Map.of("name", "Evil", "email", stranger.email(), "password", STRANGERS))
                      .status());
      assertThat(answers).containsExactly(200, 200);
      assertThat(stranger.signIn(STRANGERS).status()).isEqualTo(401);
    }
  }
}
