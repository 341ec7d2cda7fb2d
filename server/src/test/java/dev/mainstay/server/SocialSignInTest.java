package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.TestDatabases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in at providers: who comes in, who does not, and who becomes whom. */
class SocialSignInTest {
  @TempDir static Path directory;
  private static QuirkProvider provider;
  private static TestServer server;
  private static Mailbox mails;

  @BeforeAll
  static void start() throws Exception {
    provider = new QuirkProvider();
    Map<Setting, String> settings = new HashMap<>(TestPeople.SETTINGS);
    settings.put(Setting.GITHUB_CLIENT_ID, "client");
    settings.put(Setting.GITHUB_CLIENT_SECRET, QuirkProvider.SECRET);
    settings.put(Setting.GITHUB_URL, provider.url().toString());
    settings.put(Setting.GITHUB_API_URL, provider.url() + "/api");
    settings.put(
        Setting.OIDC_PROVIDERS, provider.oidc(QuirkProvider.client("down", "http://localhost:1")));
    server = TestServer.start(directory, settings);
    mails = new Mailbox(server);
  }

  @BeforeEach
  void normal() {
    provider.mode = QuirkProvider.Mode.NORMAL;
    provider.claims = one -> one;
    provider.unsigned = false;
    provider.rotates = true;
    provider.shownKey = provider.key;
  }

  @AfterAll
  static void stop() {
    server.close();
    provider.close();
  }

  private static Person person(String name) {
    return new Person(server.mainstay().url(), name);
  }

  private static QuirkProvider.Account account(String id, String name) {
    return new QuirkProvider.Account(id, name + "@example.com", true);
  }

  private static List<String> providers(Person person) throws Exception {
    return StreamSupport.stream(person.get("/api/auth/list-accounts").json().spliterator(), false)
        .map(one -> one.path("providerId").asText())
        .toList();
  }

  @Test
  void whoIsNewBecomesAUser() throws Exception {
    Person ada = person("ada");
    SocialFlow flow = SocialFlow.signIn(ada, "github");
    assertThat(flow.query())
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("scope", "read:user user:email")
        .containsEntry("redirect_uri", server.mainstay().url() + "/api/auth/callback/github")
        .doesNotContainKey("code_verifier");
    assertThat(flow.back(provider.grant(flow.authorization(), account("1", "ada"))))
        .isEqualTo("/tasks");
    JsonNode user = ada.session().path("user");
    assertThat(user.path("email").asText()).isEqualTo("ada@example.com");
    assertThat(user.path("emailVerified").asBoolean()).isTrue();
    assertThat(user.path("name").asText()).isEqualTo("octo-1");
    assertThat(user.path("image").asText()).isEqualTo("https://avatars.example.com/u/1");
    JsonNode account = ada.get("/api/auth/list-accounts").json().path(0);
    assertThat(account.path("providerId").asText()).isEqualTo("github");
    assertThat(account.path("accountId").asText()).isEqualTo("1");
    assertThat(account.path("scopes").toString()).isEqualTo("[\"read:user\",\"user:email\"]");

    // The address has changed at the provider: it is the same user all the same.
    Person again = person("ada");
    provider.mode = QuirkProvider.Mode.JSON;
    assertThat(SocialFlow.enter(again, provider, "github", account("1", "other")))
        .isEqualTo("/tasks");
    assertThat(again.session().path("user").path("id")).isEqualTo(user.path("id"));
    assertThat(again.session().path("user").path("email").asText()).isEqualTo("ada@example.com");
  }

  @Test
  void aNewUserGoesWhereNewOnesGo() throws Exception {
    Person bea = person("bea");
    Map<String, String> targets = Map.of("newUserCallbackURL", "/welcome");
    SocialFlow first = SocialFlow.start(bea, "sign-in/social", "quirk", targets);
    assertThat(first.back(provider.grant(first.authorization(), account("b-1", "bea"))))
        .isEqualTo("/welcome");
    SocialFlow second = SocialFlow.start(bea, "sign-in/social", "quirk", targets);
    assertThat(second.back(provider.grant(second.authorization(), account("b-1", "bea"))))
        .isEqualTo("/tasks");
  }

  @Test
  void anAddressCountsOnlyIfBothSidesHaveProvedIt() throws Exception {
    Person carl = Person.signedUp(server, mails, "carl");
    Person browser = person("carl");
    assertThat(
            SocialFlow.enter(
                browser, provider, "quirk", new QuirkProvider.Account("c", carl.email(), false)))
        .isEqualTo("/sign-in?error=account_not_linked");
    assertThat(browser.isSignedIn()).isFalse();
    assertThat(SocialFlow.enter(browser, provider, "quirk", account("c", "carl")))
        .isEqualTo("/tasks");
    assertThat(providers(browser)).containsExactlyInAnyOrder("credential", "quirk");
    assertThat(mails.text(carl.email(), "security-notice")).contains("Quirk quirk");

    // The mailbox belongs to another person at the provider by now.
    assertThat(SocialFlow.enter(person("carl"), provider, "quirk", account("c2", "carl")))
        .isEqualTo("/sign-in?error=account_not_linked");

    // Somebody else has signed up with the victim's address, and waits.
    Person mallory = person("victim");
    assertThat(mallory.signUp().status()).isEqualTo(200);
    assertThat(
            SocialFlow.enter(
                person("victim"),
                provider,
                "quirk",
                new QuirkProvider.Account("v", mallory.email(), false)))
        .isEqualTo("/sign-in?error=account_not_linked");
    // Nobody becomes a user by an address that is not proved, nor without one.
    assertThat(
            SocialFlow.enter(
                person("x"),
                provider,
                "quirk",
                new QuirkProvider.Account("x", "x@example.com", false)))
        .isEqualTo("/sign-in?error=email_not_verified");
    assertThat(
            SocialFlow.enter(
                person("x"), provider, "quirk", new QuirkProvider.Account("x", "no address", true)))
        .isEqualTo("/sign-in?error=email_not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"github", "quirk"})
  void aStrangersSignUpIsTheirsWhoseAddressTheProviderVouchesFor(String by) throws Exception {
    String name = "first-" + by;
    Person stranger = person(name);
    assertThat(stranger.signUp().status()).isEqualTo(200);
    Person owner = person(name);
    assertThat(SocialFlow.enter(owner, provider, by, account("77", name))).isEqualTo("/tasks");
    JsonNode user = owner.session().path("user");
    assertThat(user.path("email").asText()).isEqualTo(owner.email());
    assertThat(user.path("emailVerified").asBoolean()).isTrue();
    assertThat(user.path("name").asText())
        .as("not what the stranger has called it")
        .isNotEqualTo("Somebody");
    assertThat(providers(owner)).containsExactly(by);
    assertThat(stranger.signIn(Person.PASSWORD).status()).isEqualTo(401);
    assertThat(stranger.get(mails.link(owner.email(), "verify-email")).status()).isEqualTo(302);
    assertThat(stranger.signIn(Person.PASSWORD).status()).isEqualTo(401);
  }

  @Test
  void whoSignsUpAndThenComesFromTheProviderInOneBrowserKeepsThePassword() throws Exception {
    Person owner = person("both-ways");
    assertThat(owner.signUp().status()).isEqualTo(200);
    assertThat(SocialFlow.enter(owner, provider, "quirk", account("78", "both-ways")))
        .isEqualTo("/tasks");
    assertThat(providers(owner)).containsExactlyInAnyOrder("credential", "quirk");
    assertThat(person("both-ways").signIn(Person.PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void aStateIsUsedOnceInItsBrowserAtItsProvider() throws Exception {
    Person dan = person("dan");
    QuirkProvider.Account account = account("4", "dan");
    SocialFlow flow = SocialFlow.signIn(dan, "github");
    String code = provider.grant(flow.authorization(), account);
    Map<String, String> answer = Map.of("code", code, "state", flow.state());
    String mismatch = "/sign-in?error=state_mismatch";
    assertThat(SocialFlow.back(person("eve"), "github", answer)).isEqualTo(mismatch);
    Person eve = person("eve");
    SocialFlow.signIn(eve, "github");
    assertThat(SocialFlow.back(eve, "github", answer)).isEqualTo(mismatch);
    assertThat(SocialFlow.back(dan, "quirk", answer)).isEqualTo(mismatch);
    assertThat(SocialFlow.back(dan, "github", Map.of("code", code, "state", "made up")))
        .isEqualTo(mismatch);
    assertThat(SocialFlow.back(dan, "github", Map.of("code", code)))
        .isEqualTo("/sign-in?error=state_not_found");

    String cookie = dan.cookieBeside("oauth").orElseThrow();
    List<String> targets = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Person tab = person("dan");
        tab.plant("mainstay_session_oauth", Optional.of(cookie));
        answers.add(threads.submit(() -> SocialFlow.back(tab, "github", answer)));
      }
      for (Future<String> one : answers) {
        targets.add(one.get());
      }
    }
    assertThat(targets).containsExactlyInAnyOrder("/tasks", mismatch, mismatch, mismatch);
    assertThat(SocialFlow.back(dan, "github", answer)).as("replayed").isEqualTo(mismatch);
  }

  @Test
  void aForeignCodeIsRefused() throws Exception {
    Person mallory = person("mallory");
    SocialFlow theirs = SocialFlow.signIn(mallory, "github");
    String stolen = provider.grant(theirs.authorization(), account("5", "frank"));
    Person frank = person("frank");
    // With a state of one's own: PKCE's challenge is another one.
    assertThat(SocialFlow.signIn(frank, "github").back(stolen))
        .isEqualTo("/sign-in?error=invalid_code");
    // A code of one provider at the address of another.
    SocialFlow oidc = SocialFlow.signIn(frank, "quirk");
    String other = provider.grant(oidc.authorization(), account("5", "frank"));
    assertThat(SocialFlow.signIn(frank, "github").back(other))
        .isEqualTo("/sign-in?error=invalid_code");
    assertThat(frank.isSignedIn()).isFalse();
    assertThat(SocialFlow.signIn(frank, "github").back("")).isEqualTo("/sign-in?error=no_code");
  }

  @Test
  void nobodyIsSentElsewhere() throws Exception {
    Person person = person("gus");
    for (String target :
        List.of(
            "//evil.example",
            "/\\evil.example",
            "https:evil.example",
            "https://user@" + server.mainstay().url().getAuthority(),
            "https://evil.example",
            "/%2Fevil.example",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: x=y")) {
      for (String field : List.of("callbackURL", "newUserCallbackURL", "errorCallbackURL")) {
        assertThat(
                person.auth("sign-in/social", Map.of("provider", "github", field, target)).status())
            .as("%s %s", field, target)
            .isIn(400, 403);
      }
    }
    assertThat(
            person
                .auth(
                    "sign-in/social",
                    Map.of(
                        "provider",
                        "github",
                        "additionalParams",
                        Map.of("redirect_uri", "https://evil.example")))
                .status())
        .isEqualTo(400);
  }

  @Test
  void whatAProviderSaysIsNoMarkup() throws Exception {
    Person hal = person("hal");
    SocialFlow flow =
        SocialFlow.start(hal, "sign-in/social", "github", Map.of("errorCallbackURL", "/sorry?a=b"));
    assertThat(
            SocialFlow.back(
                hal,
                "github",
                Map.of(
                    "error",
                    "access_denied",
                    "error_description",
                    "<script>alert(\"1\")</script>\r\nX: y",
                    "state",
                    flow.state())))
        .isEqualTo(
            "/sorry?a=b&error=access_denied"
                + "&error_description=%3Cscript%3Ealert%281%29%3C%2Fscript%3EX%3A+y");
    SocialFlow again = SocialFlow.signIn(hal, "github");
    assertThat(
            SocialFlow.back(
                hal,
                "github",
                Map.of("error", "<img src=x onerror=alert(1)>", "state", again.state())))
        .isEqualTo("/sign-in?error=provider_error");
  }

  @Test
  void aStateEndsAfterTenMinutes() throws Exception {
    Person ida = person("ida");
    SocialFlow flow = SocialFlow.signIn(ida, "github");
    String code = provider.grant(flow.authorization(), account("8", "ida"));
    try (Database database = TestDatabases.open(directory.resolve("data"))) {
      long life =
          database.read(
              sql ->
                  ((Number)
                          java.util.Objects.requireNonNull(
                              sql.fetchValue(
                                  "select max(expires_at - created_at) from oauth_states")))
                      .longValue());
      assertThat(life).isEqualTo(600_000);
      database.execute(tx -> tx.sql().execute("update oauth_states set expires_at = 1"));
    }
    assertThat(flow.back(code)).isEqualTo("/sign-in?error=state_mismatch");
  }

  @Test
  void aFormIsSentOnAsAQuery() throws Exception {
    TestClient elsewhere = new TestClient(server.mainstay().url(), "");
    TestClient.Answer answer =
        elsewhere.send(
            elsewhere
                .request("/api/auth/callback/quirk")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", "https://provider.example")
                .header("Sec-Fetch-Site", "cross-site")
                .POST(
                    java.net.http.HttpRequest.BodyPublishers.ofString(
                        "code=a%26b&state=c&user=%7B%7D")));
    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.response().headers().firstValue("Location"))
        .hasValue(server.mainstay().url() + "/api/auth/callback/quirk?code=a%26b&state=c");
    for (String id : List.of("..%2f..%2fevil", "%0d%0aX:y", "A")) {
      assertThat(
              elsewhere
                  .send(
                      elsewhere
                          .request("/api/auth/callback/" + id)
                          .header("Content-Type", "application/x-www-form-urlencoded")
                          .POST(java.net.http.HttpRequest.BodyPublishers.ofString("code=a")))
                  .response()
                  .headers()
                  .firstValue("Location")
                  .orElse("/sign-in"))
          .as(id)
          .contains("/sign-in");
    }
  }

  @Test
  void thePageOfSignInLearnsOfTheProviders() throws Exception {
    TestClient.Answer answer = person("nobody").get("/api/auth/providers");
    assertThat(answer.body())
        .isEqualTo(
            "[{\"id\":\"github\",\"name\":\"GitHub\"},{\"id\":\"quirk\",\"name\":\"Quirk quirk\"},"
                + "{\"id\":\"down\",\"name\":\"Quirk down\"}]");
    TestPeople.refused(
        person("nobody").auth("sign-in/social", Map.of("provider", "google")),
        404,
        "PROVIDER_NOT_FOUND");
    TestPeople.refused(
        person("nobody")
            .auth("sign-in/social", Map.of("provider", "quirk", "idToken", Map.of("token", "x"))),
        404,
        "ID_TOKEN_NOT_SUPPORTED");
  }
}
