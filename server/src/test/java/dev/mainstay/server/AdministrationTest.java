package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What whoever runs the instance does to people, and what they leave behind. */
class AdministrationTest {
  @TempDir static Path directory;
  private static TestServer server;
  private static Mailbox mails;
  private static Person root;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    mails = new Mailbox(server);
    root = new Person(server.mainstay().url(), "root");
    String token = server.mainstay().identity().createSignInLink();
    assertThat(root.post("/api/auth/link", Map.of("token", token)).status()).isEqualTo(204);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Person signedUp(String name) throws Exception {
    return Person.signedUp(server, mails, name);
  }

  private static String id(Person person) throws Exception {
    return person.session().path("user").path("id").asText();
  }

  private static TestClient.Answer admin(String act, Map<String, ?> body) throws Exception {
    return root.auth("admin/" + act, body);
  }

  private static JsonNode done(TestClient.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  private static List<JsonNode> audit(String query) throws Exception {
    JsonNode page = done(root.get("/api/admin/audit-log?limit=200&" + query));
    return StreamSupport.stream(page.path("items").spliterator(), false).toList();
  }

  @Test
  void aLostSecondFactorIsTakenOffWithEveryTrace() throws Exception {
    Person eva = signedUp("eva");
    JsonNode enabled =
        done(eva.auth("two-factor/enable", Map.of("password", Person.PASSWORD, "method", "totp")));
    AuthenticatorApp app = new AuthenticatorApp(enabled.path("totpURI").asText());
    done(eva.auth("two-factor/verify-totp", Map.of("code", app.next())));
    String id = id(eva);
    Person again = eva.onAnotherDevice(server.mainstay().url());
    assertThat(done(again.signIn(Person.PASSWORD)).path("twoFactorRedirect").asBoolean()).isTrue();

    String reset = "/api/admin/users/" + id + "/reset-two-factor";
    assertThat(eva.post(reset, Map.of()).status()).isEqualTo(403);
    JsonNode user = done(root.post(reset, Map.of()));
    assertThat(user.path("twoFactorEnabled").asBoolean(true)).isFalse();
    assertThat(eva.isSignedIn()).isFalse();
    assertThat(again.auth("two-factor/verify-totp", Map.of("code", app.next())).status())
        .as("the challenge from before")
        .isEqualTo(401);
    assertThat(done(again.signIn(Person.PASSWORD)).path("user").path("id").asText()).isEqualTo(id);
    assertThat(audit("action=two-factor-reset"))
        .anySatisfy(one -> assertThat(one.path("targetId").asText()).isEqualTo(id));
    assertThat(mails.list(eva.email(), "security-notice").getFirst().path("subject").asText())
        .isEqualTo("Two-factor authentication was reset");
  }

  @Test
  void nobodyTakesTheirOwnSecondFactorOffLikeThat() throws Exception {
    String own = root.session().path("user").path("id").asText();
    assertThat(root.post("/api/admin/users/" + own + "/reset-two-factor", Map.of()).status())
        .isEqualTo(403);
    assertThat(root.post("/api/admin/users/nobody/reset-two-factor", Map.of()).status())
        .isEqualTo(404);
  }

  @Test
  void usersAreFound() throws Exception {
    signedUp("ada");
    signedUp("adam");
    JsonNode found = done(root.get("/api/auth/admin/list-users?searchValue=ada&limit=1"));
    assertThat(found.path("total").asInt()).isEqualTo(2);
    assertThat(found.path("users")).hasSize(1);
    assertThat(
            done(root.get(
                    "/api/auth/admin/list-users?searchValue=ADAM&searchOperator=starts_with"
                        + "&sortBy=createdAt&sortDirection=desc"))
                .path("users"))
        .hasSize(1);
    assertThat(
            done(root.get("/api/auth/admin/list-users?filterField=role&filterValue=admin"))
                .path("users"))
        .hasSize(1);
    // A pattern in the value is a text like any other.
    assertThat(done(root.get("/api/auth/admin/list-users?searchValue=%25")).path("total").asInt())
        .isZero();
    for (String query :
        List.of(
            "sortBy=password",
            "filterField=password_hash&filterValue=x",
            "searchOperator=like&searchValue=x",
            "filterField=banned&filterOperator=contains&filterValue=x",
            "filterField=createdAt&filterOperator=lt&filterValue=x",
            "limit=0",
            "offset=-1")) {
      assertThat(root.get("/api/auth/admin/list-users?" + query).status()).as(query).isEqualTo(400);
    }
  }

  @Test
  void whoIsBannedIsOutAtOnce() throws Exception {
    Person bob = signedUp("bob");
    String key = bob.post("/api/keys", Map.of("name", "mine")).json().path("key").asText();
    TestClient byKey = new TestClient(server.mainstay().url(), key);
    assertThat(byKey.get("/api/me").status()).isEqualTo(200);
    String id = id(bob);
    done(admin("ban-user", Map.of("userId", id, "banReason", "Spam")));
    assertThat(bob.isSignedIn()).isFalse();
    assertThat(byKey.get("/api/me").status()).isEqualTo(401);
    TestClient.Answer refused = bob.signIn(Person.PASSWORD);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.json().path("code").asText()).isEqualTo("BANNED_USER");
    bob.auth("sign-in/magic-link", Map.of("email", bob.email()));
    assertThat(
            bob.get(mails.link(bob.email(), "magic-link"))
                .response()
                .headers()
                .firstValue("Location")
                .orElseThrow())
        .contains("error=BANNED_USER");
    done(admin("unban-user", Map.of("userId", id)));
    assertThat(bob.signIn(Person.PASSWORD).status()).isEqualTo(200);
    assertThat(byKey.get("/api/me").status()).isEqualTo(200);
    String own = id(root);
    assertThat(admin("ban-user", Map.of("userId", own)).json().path("code").asText())
        .isEqualTo("YOU_CANNOT_BAN_YOURSELF");
    assertThat(audit("action=user-banned"))
        .anySatisfy(
            entry -> {
              assertThat(entry.path("targetId").asText()).isEqualTo(id);
              assertThat(entry.path("actorId").asText()).isEqualTo(own);
            });
  }

  @Test
  void whoActsInSomebodysNameCannotTakeTheAccountAndIsWrittenDown() throws Exception {
    Person carol = signedUp("carol");
    String id = id(carol);
    String own = id(root);
    Person desk = new Person(server.mainstay().url(), "desk");
    String link = server.mainstay().identity().createSignInLink();
    desk.post("/api/auth/link", Map.of("token", link));
    JsonNode made = done(desk.auth("admin/impersonate-user", Map.of("userId", id)));
    assertThat(made.path("session").path("impersonatedBy").asText()).isEqualTo(own);
    assertThat(id(desk)).isEqualTo(id);
    assertThat(desk.get("/api/tasks").status()).isEqualTo(200);
    assertThat(desk.get("/api/auth/admin/list-users").status()).isEqualTo(403);
    for (String path : List.of("change-email", "change-password", "delete-user", "set-password")) {
      assertThat(desk.auth(path, Map.of()).status()).as(path).isEqualTo(403);
    }
    assertThat(desk.auth("revoke-session", Map.of("token", "x")).status()).isEqualTo(200);
    assertThat(desk.post("/api/keys", Map.of("name", "theirs")).status()).isEqualTo(403);
    assertThat(desk.auth("api-key/create", Map.of("name", "theirs")).status()).isEqualTo(403);

    JsonNode back = done(desk.auth("admin/stop-impersonating", Map.of()));
    assertThat(back.path("user").path("id").asText()).isEqualTo(own);
    assertThat(id(desk)).isEqualTo(own);
    assertThat(desk.auth("admin/stop-impersonating", Map.of()).status()).isEqualTo(400);
    List<JsonNode> trail = audit("actorId=" + own);
    for (String act :
        List.of("impersonation-started", "session-revoked", "impersonation-stopped")) {
      assertThat(trail)
          .as(act)
          .anySatisfy(
              entry -> {
                assertThat(entry.path("action").asText()).isEqualTo(act);
                assertThat(entry.toString()).contains(id);
              });
    }
  }

  @Test
  void administratorsAreNotImpersonatedAndOneIsAlwaysLeft() throws Exception {
    String own = id(root);
    assertThat(admin("impersonate-user", Map.of("userId", own)).json().path("code").asText())
        .isEqualTo("YOU_CANNOT_IMPERSONATE_ADMINS");
    assertThat(admin("set-role", Map.of("userId", own, "role", "user")).status()).isEqualTo(409);
    assertThat(admin("remove-user", Map.of("userId", own)).status()).isEqualTo(400);
    assertThat(admin("set-role", Map.of("userId", own, "role", "emperor")).status()).isEqualTo(400);
    assertThat(admin("get-user?id=nobody", Map.of()).status()).isEqualTo(405);
    assertThat(root.get("/api/auth/admin/get-user?id=nobody").status()).isEqualTo(404);
  }

  @Test
  void usersAreMadeChangedAndRemoved() throws Exception {
    Person dora = new Person(server.mainstay().url(), "dora");
    JsonNode user =
        done(admin(
                "create-user",
                Map.of("email", dora.email(), "name", "Dora", "password", Person.PASSWORD)))
            .path("user");
    String id = user.path("id").asText();
    assertThat(dora.signIn(Person.PASSWORD).status()).isEqualTo(403);
    // Whoever reads the mail presses the button; nobody has signed up here.
    done(dora.auth("verify-email", Map.of("token", mails.token(dora.email(), "verify-email"))));
    assertThat(dora.signIn(Person.PASSWORD).status()).isEqualTo(200);
    assertThat(
            admin("create-user", Map.of("email", dora.email(), "name", "Again"))
                .json()
                .path("code")
                .asText())
        .isEqualTo("USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL");
    done(admin("update-user", Map.of("userId", id, "data", Map.of("name", "Theodora"))));
    assertThat(dora.session().path("user").path("name").asText()).isEqualTo("Theodora");
    assertThat(admin("update-user", Map.of("userId", id, "data", Map.of("role", "admin"))).status())
        .isEqualTo(400);
    done(admin("set-user-password", Map.of("userId", id, "newPassword", "given by the admin")));
    assertThat(dora.isSignedIn()).isFalse();
    assertThat(dora.signIn("given by the admin").status()).isEqualTo(200);
    JsonNode sessions = done(admin("list-user-sessions", Map.of("userId", id))).path("sessions");
    assertThat(sessions).hasSize(1);
    done(
        admin(
            "revoke-user-session", Map.of("sessionToken", sessions.get(0).path("token").asText())));
    assertThat(dora.isSignedIn()).isFalse();
    done(admin("remove-user", Map.of("userId", id)));
    assertThat(dora.signIn("given by the admin").status()).isEqualTo(401);
    assertThat(admin("remove-user", Map.of("userId", id)).status()).isEqualTo(404);
    assertThat(audit("actorId=" + id(root)))
        .extracting(entry -> entry.path("action").asText())
        .contains("user-made", "user-updated", "password-set", "session-ended", "user-removed");
  }

  @Test
  void theAuditLogIsFilteredByOrganizationAndTime() throws Exception {
    Person fay = signedUp("fay");
    String own = fay.get("/api/me").json().path("organizationId").asText();
    fay.post("/api/keys", Map.of("name", "mine"));
    List<JsonNode> entries = audit("organizationId=" + own);
    assertThat(entries).hasSize(1);
    Instant at = Instant.parse(entries.getFirst().path("createdAt").asText());
    assertThat(audit("organizationId=" + own + "&from=" + at)).hasSize(1);
    assertThat(audit("organizationId=" + own + "&to=" + at.plusMillis(1))).hasSize(1);
    assertThat(audit("organizationId=" + own + "&to=" + at)).isEmpty();
    assertThat(audit("organizationId=" + own + "&from=" + at.plusMillis(1))).isEmpty();
    assertThat(done(fay.get("/api/audit-log?from=" + at)).path("items")).hasSize(1);
    // The owner of one cannot name another one.
    String others = server.mainstay().identity().ownerOrganization();
    assertThat(fay.get("/api/audit-log?organizationId=" + others).status()).isEqualTo(403);
    for (String log : List.of("/api/admin/audit-log", "/api/audit-log")) {
      TestClient.Answer refused = root.get(log + "?from=yesterday");
      assertThat(refused.status()).as(log).isEqualTo(400);
      assertThat(refused.body()).contains("from");
    }
  }

  @Test
  void organizationsAreListed() throws Exception {
    Person gil = signedUp("gil");
    String slug = "guild-" + id(gil);
    done(gil.auth("organization/create", Map.of("name", "The 100% Guild", "slug", slug)));
    String path = "/api/admin/organizations";
    JsonNode found = done(root.get(path + "?q=100%25%20GUILD")).path("items");
    assertThat(found).hasSize(1);
    assertThat(found.get(0).path("slug").asText()).isEqualTo(slug);
    assertThat(found.get(0).path("memberCount").asInt()).isEqualTo(1);
    assertThat(found.get(0).path("personal").asBoolean()).isFalse();
    assertThat(done(root.get(path + "?q=" + slug.substring(2))).path("items")).hasSize(1);
    // A pattern is a text like any other.
    assertThat(done(root.get(path + "?q=The%20%25%20Guild")).path("items")).isEmpty();

    JsonNode newest = done(root.get(path + "?limit=1&userId=" + id(gil)));
    assertThat(newest.path("items").get(0).path("slug").asText()).isEqualTo(slug);
    JsonNode next =
        done(
            root.get(
                path
                    + "?limit=1&userId="
                    + id(gil)
                    + "&cursor="
                    + newest.path("nextCursor").asText()));
    assertThat(next.path("items")).hasSize(1);
    assertThat(next.path("items").get(0).path("personal").asBoolean()).isTrue();
    assertThat(next.has("nextCursor")).isFalse();

    String id = found.get(0).path("id").asText();
    done(gil.auth("organization/delete", Map.of("organizationId", id)));
    assertThat(done(root.get(path + "?q=" + slug)).path("items")).isEmpty();
    assertThat(root.get(path + "?q=" + "x".repeat(101)).status()).isEqualTo(400);
    assertThat(root.get(path + "?userId=" + "x".repeat(101)).status()).isEqualTo(400);
    assertThat(gil.get(path).status()).isEqualTo(403);
    assertThat(server.client().get(path).status()).isEqualTo(403);
  }

  @Test
  void othersDoNoneOfIt() throws Exception {
    Person erin = signedUp("erin");
    String own = id(erin);
    for (String act :
        List.of(
            "ban-user", "unban-user", "remove-user", "revoke-user-sessions", "impersonate-user")) {
      assertThat(erin.auth("admin/" + act, Map.of("userId", own)).status()).as(act).isEqualTo(403);
    }
    assertThat(erin.get("/api/admin/audit-log").status()).isEqualTo(403);
    // An organization's owner sees what was done in it, and no more.
    erin.post("/api/keys", Map.of("name", "mine"));
    JsonNode page = done(erin.get("/api/audit-log"));
    assertThat(page.path("items")).hasSize(1);
    assertThat(page.path("items").get(0).path("action").asText()).isEqualTo("key-created");
    // A key without the scope does not have what its owner has.
    assertThat(server.client().get("/api/auth/admin/list-users").status()).isEqualTo(403);
  }
}
