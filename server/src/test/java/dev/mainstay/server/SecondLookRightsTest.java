package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A second look at what outlives its right, with the eyes of somebody who has just lost one. */
class SecondLookRightsTest {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @TempDir static Path directory;
  private static TestServer server;
  private static TestPeople people;
  private static Mailbox mails;
  private static TestClient root;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    people = new TestPeople(server, directory);
    mails = new Mailbox(server);
    root = server.adminClient();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Person signedUp() throws Exception {
    return Person.signedUp(server, mails, "right-" + NUMBER.incrementAndGet());
  }

  private static TestPeople.Person member() throws Exception {
    return people.signUp("right-" + NUMBER.incrementAndGet());
  }

  private static String id(String email) {
    return people.value("select id from users where email = '%s'".formatted(email));
  }

  private static void byRoot(String act, Map<String, ?> body) throws Exception {
    TestClient.Answer answer =
        root.post("/api/auth/admin/" + act, Json.MAPPER.valueToTree(body).toString());
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static void ban(Person person) throws Exception {
    byRoot("ban-user", Map.of("userId", id(person.email())));
  }

  private static String organization(TestPeople.Person owner) throws Exception {
    String slug = "rights-" + NUMBER.incrementAndGet();
    return TestPeople.ok(
            owner.organization("create", Json.object().put("name", "R").put("slug", slug)))
        .path("id")
        .asText();
  }

  private static int status(String key, String path, String... headers) throws Exception {
    TestClient client = new TestClient(server.mainstay().url(), key);
    var request = client.request(path).GET();
    return client.send(headers.length == 0 ? request : request.headers(headers)).status();
  }

  @Test
  void theKeyOfAFormerAdministratorAdministersNothing() throws Exception {
    Person admin = signedUp();
    Map<String, String> user = Map.of("userId", id(admin.email()), "role", "admin");
    byRoot("set-role", user);
    String key =
        admin
            .post("/api/keys", Map.of("name", "k", "scopes", List.of("instance:admin")))
            .json()
            .path("key")
            .asText();
    assertThat(status(key, "/api/auth/admin/list-users")).isEqualTo(200);
    byRoot("set-role", Map.of("userId", user.get("userId"), "role", "user"));
    assertThat(status(key, "/api/auth/admin/list-users")).isEqualTo(403);
    // Nor does a session that the key opens.
    Person browser = new Person(server.mainstay().url(), "key-session");
    assertThat(browser.auth("key", Map.of("key", key)).status()).isEqualTo(204);
    assertThat(browser.get("/api/auth/admin/list-users").status()).isEqualTo(403);
    ban(admin);
    assertThat(status(key, "/api/me")).isEqualTo(401);
    assertThat(browser.get("/api/me").status()).isEqualTo(401);
  }

  /** What would be left when the impersonation ends. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /api/keys                                  | {"name":"x"}
          /api/keys/x/rotate                         | {}
          /api/auth/api-key/create                   | {"name":"x"}
          /api/auth/organization/create              | {"name":"x","slug":"x"}
          /api/auth/organization/invite-member       | {"email":"evil@example.com","role":"owner"}
          /api/auth/organization/accept-invitation   | {"invitationId":"x"}
          /api/auth/organization/update-member-role  | {"memberId":"x","role":"owner"}
          /api/auth/organization/remove-member       | {"memberIdOrEmail":"x"}
          /api/auth/organization/add-domain          | {"domain":"evil.example","mode":"auto-join"}
          /api/auth/change-email                     | {"newEmail":"evil@example.com"}
          /api/auth/email-otp/request-email-change   | {"newEmail":"evil@example.com"}
          /api/auth/set-password                     | {"newPassword":"the evil password"}
          /api/auth/change-password                  | {"newPassword":"the evil password","currentPassword":"x"}
          /api/auth/two-factor/enable                | {}
          /api/auth/two-factor/disable               | {}
          /api/auth/passkey/verify-registration      | {"response":{}}
          /api/auth/link-social                      | {"provider":"github"}
          /api/auth/delete-user                      | {}
          /api/auth/update-user                      | {"name":"evil"}
          """)
  void whoActsInSomebodysNameLeavesNothingBehind(String path, String body) throws Exception {
    Person admin = signedUp();
    byRoot("set-role", Map.of("userId", id(admin.email()), "role", "admin"));
    Person victim = signedUp();
    TestClient.Answer in =
        admin.auth("admin/impersonate-user", Map.of("userId", id(victim.email())));
    assertThat(in.status()).as(in.body()).isEqualTo(200);
    assertThat(admin.post(path, Json.read(body)).status()).isEqualTo(403);
    assertThat(mails.list("evil@example.com", "otp")).isEmpty();
    assertThat(mails.list("evil@example.com", "invitation")).isEmpty();
  }

  @Test
  void whoIsBannedHalfwayInDoesNotComeIn() throws Exception {
    Person ada = signedUp();
    JsonNode app = ada.auth("two-factor/enable", Map.of("password", Person.PASSWORD)).json();
    AuthenticatorApp generator = new AuthenticatorApp(app.path("totpURI").asText());
    ada.auth("two-factor/verify-totp", Map.of("code", generator.next()));
    Person half = ada.onAnotherDevice(server.mainstay().url());
    half.signIn(Person.PASSWORD);
    ban(ada);
    String backup = app.path("backupCodes").path(0).asText();
    assertThat(half.auth("two-factor/verify-backup-code", Map.of("code", backup)).status())
        .isEqualTo(403);
    assertThat(half.isSignedIn()).isFalse();
    assertThat(ada.isSignedIn()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"magic-link", "code", "password", "reset"})
  void whoIsBannedComesInByNoMail(String way) throws Exception {
    Person ada = signedUp();
    String email = ada.email();
    ada.auth("sign-in/magic-link", Map.of("email", email));
    ada.auth("email-otp/send-verification-otp", Map.of("email", email, "type", "sign-in"));
    ada.auth("request-password-reset", Map.of("email", email));
    ban(ada);
    switch (way) {
      case "magic-link" ->
          assertThat(
                  ada.auth("magic-link/verify", Map.of("token", mails.token(email, way))).status())
              .isEqualTo(403);
      case "code" ->
          assertThat(
                  ada.auth("sign-in/email-otp", Map.of("email", email, "otp", mails.code(email)))
                      .status())
              .isEqualTo(403);
      case "password" -> assertThat(ada.signIn(Person.PASSWORD).status()).isEqualTo(403);
      default -> {
        ada.auth(
            "reset-password",
            Map.of("token", mails.token(email, "reset-password"), "newPassword", "a third one"));
        assertThat(ada.signIn("a third one").status()).isIn(401, 403);
      }
    }
    assertThat(ada.isSignedIn()).isFalse();
    assertThat(
            people.value("select count(*) from sessions where user_id = '%s'".formatted(id(email))))
        .isEqualTo("0");
  }

  @Test
  void ofABanAndASignInAtOnceNoSessionIsLeft() throws Exception {
    for (int i = 0; i < 5; i++) {
      Person ada = signedUp();
      Person other = ada.onAnotherDevice(server.mainstay().url());
      List<Integer> unused =
          Races.together(
              () -> other.signIn(Person.PASSWORD).status(),
              () -> {
                ban(ada);
                return 200;
              });
      assertThat(other.isSignedIn()).isFalse();
      byRoot("unban-user", Map.of("userId", id(ada.email())));
      assertThat(other.isSignedIn()).as("also when the ban is over").isFalse();
      assertThat(ada.isSignedIn()).isFalse();
    }
  }

  @Test
  void aSessionThatWasEndedIsNotMadeTheActiveOneAgain() throws Exception {
    Person browser = signedUp();
    String first = browser.session().path("session").path("id").asText();
    String cookie = browser.cookieBeside("multi_" + first).orElseThrow();
    Person elsewhere = browser.onAnotherDevice(server.mainstay().url());
    elsewhere.signIn(Person.PASSWORD);
    elsewhere.auth("revoke-session", Map.of("token", first));
    browser.plant("mainstay_session_multi_" + first, java.util.Optional.of(cookie));
    assertThat(browser.auth("multi-session/set-active", Map.of("sessionToken", first)).status())
        .isEqualTo(401);
    assertThat(browser.isSignedIn()).isFalse();
    // Nor is another one reached by a cookie under its name.
    String second = elsewhere.session().path("session").path("id").asText();
    browser.plant("mainstay_session_multi_" + second, java.util.Optional.of(cookie));
    assertThat(browser.auth("multi-session/set-active", Map.of("sessionToken", second)).status())
        .isEqualTo(401);
  }

  @Test
  void aKeyOfWhoWasTakenOutIsDeadAlsoWhenTheyComeBack() throws Exception {
    TestPeople.Person owner = member();
    TestPeople.Person ada = member();
    String organization = organization(owner);
    Invitations.join(owner, ada, organization, "admin");
    String key =
        TestPeople.ok(ada.post("/api/auth/api-key/create", Json.object().put("name", "k")))
            .path("key")
            .asText();
    assertThat(status(key, "/api/queues")).isEqualTo(200);
    remove(owner, ada, organization);
    assertThat(status(key, "/api/queues")).isEqualTo(401);
    Invitations.join(owner, ada, organization, "admin");
    assertThat(status(key, "/api/queues")).isEqualTo(401);
    assertThat(status(key, "/api/queues", "X-Organization-Id", organization)).isEqualTo(401);
  }

  private static void remove(TestPeople.Person owner, TestPeople.Person member, String organization)
      throws Exception {
    TestPeople.ok(
        owner.organization(
            "remove-member",
            Json.object()
                .put("memberIdOrEmail", member.email())
                .put("organizationId", organization)));
  }

  @Test
  void anOrganizationsKeyGoesOnButNotByTheHandsOfWhoMadeIt() throws Exception {
    TestPeople.Person owner = member();
    TestPeople.Person ada = member();
    String organization = organization(owner);
    Invitations.join(owner, ada, organization, "admin");
    JsonNode made =
        TestPeople.ok(
            ada.post(
                "/api/auth/api-key/create",
                Json.object()
                    .put("name", "ci")
                    .put("configId", "organization")
                    .put("organizationId", organization)));
    String key = made.path("key").asText();
    String id = made.path("id").asText();
    remove(owner, ada, organization);
    assertThat(status(key, "/api/queues")).as("as documented").isEqualTo(200);
    for (String act : List.of("update", "delete")) {
      assertThat(
              ada.post(
                      "/api/auth/api-key/" + act,
                      Json.object().put("keyId", id).put("configId", "organization"))
                  .status())
          .as(act)
          .isIn(400, 403, 404);
    }
    assertThat(ada.post("/api/keys/" + id + "/rotate", Json.object()).status()).isEqualTo(404);
    assertThat(status(key, "/api/queues")).isEqualTo(200);
  }

  @Test
  void whatSomebodyOffersWhoLostTheRoleIsNotGiven() throws Exception {
    TestPeople.Person owner = member();
    TestPeople.Person ada = member();
    TestPeople.Person friend = member();
    String organization = organization(owner);
    String adas = Invitations.join(owner, ada, organization, "owner");
    String invitation = Invitations.invite(ada, friend.email(), organization, "owner");
    TestPeople.ok(
        owner.organization(
            "update-member-role",
            Json.object()
                .put("memberId", adas)
                .put("role", "member")
                .put("organizationId", organization)));
    assertThat(Invitations.accept(friend, invitation).status()).isEqualTo(400);
    // Of a demotion and the acceptance at once, whichever is first: the friend owns nothing after
    // the demotion that Ada could not have given.
    assertThat(
            people.value(
                "select count(*) from members where organization_id = '%s' and role = 'owner'"
                    .formatted(organization)))
        .isEqualTo("1");
  }

  @Test
  void aRequestToJoinDoesNotOutliveTheAddressThatItStandsOn() throws Exception {
    TestPeople.Person owner = member();
    String organization = organization(owner);
    String domain = "asks-" + NUMBER.incrementAndGet() + ".example.org";
    people.execute(
        "insert into organization_domains (id, organization_id, domain, mode, verified_at, created_at)"
            + " values ('%s', '%s', '%s', 'request', 1, 1)"
                .formatted(Ids.next(), organization, domain));
    Person leaver = Person.at(server.mainstay().url(), "leaver@" + domain);
    leaver.signUp();
    leaver.get(mails.link(leaver.email(), "verify-email"));
    leaver.signIn(Person.PASSWORD);
    JsonNode waiting =
        TestPeople.ok(
            owner.organization("list-membership-requests?organizationId=" + organization));
    JsonNode request = Json.object().put("requestId", waiting.path(0).path("id").asText());
    String next = "left-" + domain + "@example.com";
    leaver.auth("email-otp/request-email-change", Map.of("newEmail", next));
    assertThat(
            leaver
                .auth("email-otp/change-email", Map.of("newEmail", next, "otp", mails.code(next)))
                .status())
        .isEqualTo(200);
    TestPeople.refused(
        owner.organization("accept-membership-request", request), 409, "ADDRESS_NOT_AT_DOMAIN");
    leaver.auth("restore-email", Map.of("token", mails.token(leaver.email(), "email-changed")));
    TestPeople.ok(owner.organization("accept-membership-request", request));
  }

  @Test
  void ofTwoOwnersWhoTakeEachOtherOutOneStays() throws Exception {
    for (int i = 0; i < 5; i++) {
      TestPeople.Person owner = member();
      TestPeople.Person ada = member();
      String organization = organization(owner);
      Invitations.join(owner, ada, organization, "owner");
      List<Integer> unused =
          Races.together(
              () -> removed(owner, ada, organization), () -> removed(ada, owner, organization));
      assertThat(
              people.value(
                  "select count(*) from members where organization_id = '%s' and role = 'owner'"
                      .formatted(organization)))
          .isEqualTo("1");
    }
  }

  private static int removed(TestPeople.Person by, TestPeople.Person who, String organization)
      throws Exception {
    return by.organization(
            "remove-member",
            Json.object().put("memberIdOrEmail", who.email()).put("organizationId", organization))
        .status();
  }
}
