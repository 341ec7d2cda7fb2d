package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.TestDatabases;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Linking accounts and giving them up, and what is kept of them. */
class LinkedAccountsTest {
  @TempDir static Path directory;
  private static QuirkProvider provider;
  private static TestServer server;
  private static Mailbox mails;
  private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();

  @BeforeAll
  static void start() throws Exception {
    LOG.start();
    root().addAppender(LOG);
    provider = new QuirkProvider();
    server = TestServer.start(directory, settings());
    mails = new Mailbox(server);
  }

  private static ch.qos.logback.classic.Logger root() {
    return (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  }

  private static Map<Setting, String> settings() {
    Map<Setting, String> settings = new HashMap<>(TestPeople.SETTINGS);
    settings.put(Setting.GITHUB_CLIENT_ID, "client");
    settings.put(Setting.GITHUB_CLIENT_SECRET, QuirkProvider.SECRET);
    settings.put(Setting.GITHUB_URL, provider.url().toString());
    settings.put(Setting.GITHUB_API_URL, provider.url() + "/api");
    settings.put(Setting.OIDC_PROVIDERS, provider.oidc());
    return settings;
  }

  @BeforeEach
  void normal() {
    provider.mode = QuirkProvider.Mode.NORMAL;
    provider.rotates = true;
  }

  @AfterAll
  static void stop() {
    server.close();
    provider.close();
    root().detachAppender(LOG);
  }

  private static Person person(String name) {
    return new Person(server.mainstay().url(), name);
  }

  private static QuirkProvider.Account account(String id) {
    return new QuirkProvider.Account(id, id + "@elsewhere.example.com", true);
  }

  private static JsonNode accounts(Person person) throws Exception {
    return person.get("/api/auth/list-accounts").json();
  }

  private static String idOf(Person person, String providerId) throws Exception {
    return StreamSupport.stream(accounts(person).spliterator(), false)
        .filter(one -> one.path("providerId").asText().equals(providerId))
        .map(one -> one.path("id").asText())
        .findFirst()
        .orElseThrow();
  }

  private static String link(Person person, String providerId, String accountId) throws Exception {
    SocialFlow flow = SocialFlow.link(person, providerId);
    return flow.back(provider.grant(flow.authorization(), account(accountId)));
  }

  private static List<String> audited(String userId, String action) throws Exception {
    try (Database database = TestDatabases.open(directory.resolve("data"))) {
      return database.read(
          sql ->
              sql.fetch(
                      "select details, target_id from audit_log where actor_id = ? and action = ?",
                      userId,
                      action)
                  .map(row -> row.get(0) + " " + row.get(1)));
    }
  }

  @Test
  void anAccountIsLinkedByItsOwnersSession() throws Exception {
    Person ada = Person.signedUp(server, mails, "ada");
    assertThat(link(ada, "quirk", "ada")).isEqualTo("/tasks");
    assertThat(link(ada, "quirk", "ada")).as("again").isEqualTo("/tasks");
    assertThat(accounts(ada)).hasSize(2);
    assertThat(mails.list(ada.email(), "security-notice")).hasSize(1);
    Person phone = person("phone");
    assertThat(SocialFlow.enter(phone, provider, "quirk", account("ada"))).isEqualTo("/tasks");
    assertThat(phone.session().path("user").path("email").asText()).isEqualTo(ada.email());

    Person bob = Person.signedUp(server, mails, "bob");
    assertThat(link(bob, "quirk", "ada"))
        .isEqualTo("/account?error=account_already_linked_to_different_user");
    assertThat(accounts(bob)).hasSize(1);
    TestPeople.refused(
        person("nobody").auth("link-social", Map.of("provider", "quirk")), 401, "UNAUTHORIZED");
  }

  /** Connect CSRF: an account of the attacker's must not become a way into the victim's. */
  @Test
  void nobodyFinishesTheLinkOfAnother() throws Exception {
    Person carl = Person.signedUp(server, mails, "carl");
    Person mallory = Person.signedUp(server, mails, "mallory");
    SocialFlow theirs = SocialFlow.link(mallory, "quirk");
    String code = provider.grant(theirs.authorization(), account("mallory"));
    Map<String, String> answer = Map.of("code", code, "state", theirs.state());
    assertThat(SocialFlow.back(carl, "quirk", answer)).isEqualTo("/sign-in?error=state_mismatch");
    carl.plant("mainstay_session_oauth", mallory.cookieBeside("oauth"));
    assertThat(SocialFlow.back(carl, "quirk", answer))
        .isEqualTo("/account?error=unable_to_link_account");
    assertThat(accounts(carl)).hasSize(1);

    // Whoever has signed out meanwhile links nothing.
    SocialFlow own = SocialFlow.link(mallory, "quirk");
    String late = provider.grant(own.authorization(), account("mallory"));
    mallory.plant("mainstay_session", person("x").cookie());
    assertThat(own.back(late)).isEqualTo("/account?error=unable_to_link_account");
  }

  @Test
  void theLastWayInStays() throws Exception {
    Person dan = Person.signedUp(server, mails, "dan");
    link(dan, "github", "41");
    assertThat(dan.auth("unlink-account", Map.of("accountId", idOf(dan, "credential"))).status())
        .isEqualTo(200);
    TestPeople.refused(
        dan.auth("unlink-account", Map.of("accountId", idOf(dan, "github"))),
        400,
        "FAILED_TO_UNLINK_LAST_ACCOUNT");
    link(dan, "quirk", "dan");
    TestPeople.refused(
        dan.auth("unlink-account", Map.of("accountId", "made up")), 400, "ACCOUNT_NOT_FOUND");
    assertThat(dan.auth("unlink-account", Map.of("accountId", idOf(dan, "github"))).status())
        .isEqualTo(200);
    assertThat(mails.text(dan.email(), "security-notice"))
        .contains("Signing in with GitHub was removed");
    // It is nobody's now, and may become anybody's.
    Person erin = Person.signedUp(server, mails, "erin");
    assertThat(link(erin, "github", "41")).isEqualTo("/tasks");
    String erinsId = erin.session().path("user").path("id").asText();
    assertThat(audited(erinsId, "account-linked")).containsExactly("null github");
  }

  @Test
  void tokensAreTheirOwnersAlone() throws Exception {
    Person fay = Person.signedUp(server, mails, "fay");
    link(fay, "quirk", "fay");
    String id = idOf(fay, "quirk");
    JsonNode first = fay.auth("get-access-token", Map.of("accountId", id)).json();
    assertThat(first.path("accessToken").asText()).startsWith("canary-access-");
    assertThat(first.path("scopes").toString()).contains("email");
    JsonNode second = fay.auth("refresh-token", Map.of("accountId", id)).json();
    assertThat(second.path("refreshToken").asText()).startsWith("canary-refresh-");
    provider.rotates = false;
    JsonNode third = fay.auth("refresh-token", Map.of("accountId", id)).json();
    assertThat(third.path("refreshToken")).as("kept").isEqualTo(second.path("refreshToken"));
    assertThat(third.path("accessToken")).isNotEqualTo(second.path("accessToken"));

    Person gus = Person.signedUp(server, mails, "gus");
    for (String path : List.of("get-access-token", "refresh-token")) {
      TestPeople.refused(gus.auth(path, Map.of("accountId", id)), 400, "ACCOUNT_NOT_FOUND");
      assertThat(gus.auth(path, Map.of()).status()).isEqualTo(400);
      TestPeople.refused(
          fay.auth(path, Map.of("accountId", idOf(fay, "credential"))),
          400,
          "PROVIDER_NOT_SUPPORTED");
    }
    assertThat(gus.get("/api/auth/account-info?accountId=" + id).status()).isEqualTo(400);
    TestClient key = server.client();
    assertThat(key.post("/api/auth/get-access-token", "{\"accountId\":\"" + id + "\"}").status())
        .as("a key is not the user in person")
        .isEqualTo(403);
    provider.mode = QuirkProvider.Mode.FAILING;
    TestPeople.refused(
        fay.auth("refresh-token", Map.of("accountId", id)), 503, "PROVIDER_UNAVAILABLE");
    provider.mode = QuirkProvider.Mode.NORMAL;
    assertThat(fay.auth("refresh-token", Map.of("accountId", id)).status())
        .as("the turn was given back")
        .isEqualTo(200);
    assertThat(accounts(fay).toString()).doesNotContain("canary");
  }

  @Test
  void nothingOfAProvidersIsReadableAnywhere() throws Exception {
    Person hal = person("hal");
    assertThat(SocialFlow.enter(hal, provider, "quirk", account("hal"))).isEqualTo("/tasks");
    link(hal, "github", "51");
    try (Database database = TestDatabases.open(directory.resolve("data"))) {
      String all =
          database.read(
              sql ->
                  List.of("accounts", "oauth_states", "audit_log", "mails", "verifications")
                      .stream()
                      .map(table -> sql.fetch("select * from " + table).format(1000))
                      .collect(Collectors.joining()));
      assertThat(all).contains("hal").doesNotContain("canary");
      // What is sealed for one row opens in no other.
      String other = idOf(hal, "github");
      database.execute(
          tx ->
              tx.sql()
                  .execute(
                      "update accounts set access_token = (select access_token from accounts where id = ?) where id = ?",
                      idOfUnchecked(hal),
                      other));
      assertThat(hal.auth("get-access-token", Map.of("accountId", other)).status()).isEqualTo(500);
    }
    for (ILoggingEvent event : List.copyOf(LOG.list)) {
      assertThat(event.getFormattedMessage()).doesNotContain("canary");
      for (var thrown = event.getThrowableProxy(); thrown != null; thrown = thrown.getCause()) {
        assertThat(String.valueOf(thrown.getMessage())).doesNotContain("canary");
      }
    }
  }

  private static String idOfUnchecked(Person person) {
    try {
      return idOf(person, "quirk");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theSecondFactorIsAskedAndABanHolds() throws Exception {
    Person ivy = Person.signedUp(server, mails, "ivy");
    link(ivy, "quirk", "ivy");
    JsonNode made = ivy.auth("two-factor/enable", Map.of("password", Person.PASSWORD)).json();
    AuthenticatorApp app = new AuthenticatorApp(made.path("totpURI").asText());
    assertThat(ivy.auth("two-factor/verify-totp", Map.of("code", app.next())).status())
        .isEqualTo(200);
    Person phone = person("phone");
    assertThat(SocialFlow.enter(phone, provider, "quirk", account("ivy")))
        .isEqualTo("/sign-in/two-factor?callbackURL=%2Ftasks&methods=totp%2Cotp");
    assertThat(phone.isSignedIn()).isFalse();
    assertThat(phone.auth("two-factor/verify-totp", Map.of("code", app.next())).status())
        .isEqualTo(200);
    String userId = phone.session().path("user").path("id").asText();
    assertThat(audited(userId, "signed-in")).contains("quirk, totp null");

    TestClient admin = server.adminClient();
    assertThat(admin.post("/api/auth/admin/ban-user", "{\"userId\":\"" + userId + "\"}").status())
        .isEqualTo(200);
    assertThat(SocialFlow.enter(person("x"), provider, "quirk", account("ivy")))
        .isEqualTo("/sign-in?error=banned_user");
  }

  @Test
  void whoLeavesLeavesNothing() throws Exception {
    Person joe = person("joe");
    assertThat(SocialFlow.enter(joe, provider, "quirk", account("joe"))).isEqualTo("/tasks");
    String userId = joe.session().path("user").path("id").asText();
    SocialFlow.link(joe, "github");
    joe.auth("delete-user", Map.of());
    String link = mails.link("joe@elsewhere.example.com", "delete-account");
    joe.get(link);
    assertThat(joe.isSignedIn()).isFalse();
    Person again = person("joe");
    assertThat(SocialFlow.enter(again, provider, "quirk", account("joe"))).isEqualTo("/tasks");
    assertThat(again.session().path("user").path("id").asText()).isNotEqualTo(userId);
  }
}
