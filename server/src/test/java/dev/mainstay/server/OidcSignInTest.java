package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Setting;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in at a certified OpenID provider, which is a process of its own, over real HTTP. */
class OidcSignInTest {
  @TempDir static Path directory;
  private static OidcProviderServer provider;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    // Every token has almost ended when it comes.
    provider = OidcProviderServer.start(2);
    Map<Setting, String> settings = new HashMap<>(TestPeople.SETTINGS);
    settings.put(Setting.OIDC_PROVIDERS, provider.setting());
    server = TestServer.start(directory, settings);
  }

  @AfterAll
  static void stop() {
    server.close();
    provider.close();
  }

  private static Person person(String name) {
    return new Person(server.mainstay().url(), name);
  }

  private static Map<String, String> visit(SocialFlow flow, String name) throws Exception {
    return QuirkProvider.form(provider.visit(flow.authorization(), name).getRawQuery());
  }

  private static Person entered(String name) throws Exception {
    Person person = person(name);
    SocialFlow flow = SocialFlow.signIn(person, "oidc");
    assertThat(SocialFlow.back(person, "oidc", visit(flow, name))).isEqualTo("/tasks");
    return person;
  }

  private static String accountId(Person person) throws Exception {
    return person.get("/api/auth/list-accounts").json().path(0).path("id").asText();
  }

  @Test
  void whoSignsInThereIsInHere() throws Exception {
    Person ada = person("ada");
    SocialFlow flow = SocialFlow.signIn(ada, "oidc");
    assertThat(flow.query())
        .containsEntry("response_type", "code")
        .containsEntry("code_challenge_method", "S256")
        .containsKeys("nonce", "state", "code_challenge");
    Map<String, String> answer = visit(flow, "ada");
    assertThat(answer).containsEntry("iss", provider.url().toString());
    assertThat(SocialFlow.back(ada, "oidc", answer)).isEqualTo("/tasks");
    JsonNode user = ada.session().path("user");
    assertThat(user.path("email").asText()).isEqualTo("ada@example.com");
    assertThat(user.path("name").asText()).isEqualTo("Person ada");
    JsonNode info = ada.get("/api/auth/account-info?accountId=" + accountId(ada)).json();
    assertThat(info.path("user").path("email").asText()).isEqualTo("ada@example.com");
    assertThat(info.path("user").path("emailVerified").asBoolean()).isTrue();
    assertThat(info.path("account").path("accountId").asText()).isEqualTo("ada");
    assertThat(info.path("data").path("sub").asText()).isEqualTo("ada");
  }

  @Test
  void anAnswerNamesItsIssuer() throws Exception {
    Person bob = person("bob");
    SocialFlow flow = SocialFlow.signIn(bob, "oidc");
    Map<String, String> answer = new HashMap<>(visit(flow, "bob"));
    answer.remove("iss");
    assertThat(SocialFlow.back(bob, "oidc", answer)).isEqualTo("/sign-in?error=issuer_missing");
    SocialFlow again = SocialFlow.signIn(bob, "oidc");
    Map<String, String> other = new HashMap<>(visit(again, "bob"));
    other.put("iss", "https://evil.example");
    assertThat(SocialFlow.back(bob, "oidc", other)).isEqualTo("/sign-in?error=issuer_mismatch");
    assertThat(bob.isSignedIn()).isFalse();
  }

  @Test
  void whoHasNotProvedTheirAddressDoesNotComeIn() throws Exception {
    Person person = person("unverified");
    SocialFlow flow = SocialFlow.signIn(person, "oidc");
    assertThat(SocialFlow.back(person, "oidc", visit(flow, "unverified")))
        .isEqualTo("/sign-in?error=email_not_verified");
    assertThat(person.isSignedIn()).isFalse();
  }

  /** A second use of a refresh token ends all that came of it: the provider sees to that. */
  @Test
  void manyWhoNeedANewTokenAskForOne() throws Exception {
    Person carl = entered("carl");
    String id = accountId(carl);
    for (String path : List.of("get-access-token", "refresh-token")) {
      Set<String> got = new HashSet<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<TestClient.Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
          answers.add(threads.submit(() -> carl.auth(path, Map.of("accountId", id))));
        }
        for (Future<TestClient.Answer> one : answers) {
          TestClient.Answer answer = one.get();
          assertThat(answer.status()).as(answer.body()).isEqualTo(200);
          got.add(answer.json().path("accessToken").asText());
        }
      }
      // Whoever comes after the first answer asks anew: it has almost ended again.
      assertThat(got).hasSizeLessThan(12).doesNotContain("");
    }
    TestClient.Answer after = carl.auth("refresh-token", Map.of("accountId", id));
    assertThat(after.status()).as(after.body()).isEqualTo(200);
    assertThat(after.json().path("refreshToken").asText()).isNotEmpty();
    assertThat(after.json().path("providerId").asText()).isEqualTo("oidc");
  }

  @Test
  void aGrantThatHasEndedIsSaidOnce() throws Exception {
    Person dan = entered("dan");
    String id = accountId(dan);
    String stolen =
        dan.auth("refresh-token", Map.of("accountId", id)).json().path("refreshToken").asText();
    // A thief uses it; then the provider sees it twice, and ends all.
    assertThat(refresh(stolen)).isEqualTo(200);
    assertThat(refresh(stolen)).isEqualTo(400);
    TestPeople.refused(
        dan.auth("refresh-token", Map.of("accountId", id)), 400, "FAILED_TO_REFRESH_ACCESS_TOKEN");
    TestPeople.refused(
        dan.auth("refresh-token", Map.of("accountId", id)), 400, "REFRESH_TOKEN_NOT_FOUND");
    // Signing in again is what helps.
    SocialFlow flow = SocialFlow.signIn(dan, "oidc");
    assertThat(SocialFlow.back(dan, "oidc", visit(flow, "dan"))).isEqualTo("/tasks");
    assertThat(dan.auth("refresh-token", Map.of("accountId", id)).status()).isEqualTo(200);
  }

  private static int refresh(String token) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String basic =
          java.util.Base64.getEncoder()
              .encodeToString(
                  ("client:" + OidcProviderServer.SECRET)
                      .getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return http.send(
              HttpRequest.newBuilder(URI.create(provider.url() + "/token"))
                  .header("Authorization", "Basic " + basic)
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "grant_type=refresh_token&refresh_token=" + token))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .statusCode();
    }
  }
}
