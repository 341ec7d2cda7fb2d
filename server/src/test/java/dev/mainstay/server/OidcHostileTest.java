package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.mainstay.server.platform.Setting;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers that fail, lie, or say nothing: nobody comes in, and nobody else waits. */
class OidcHostileTest {
  private static final String NO_PROFILE = "/sign-in?error=unable_to_get_user_info";
  private static final String UNAVAILABLE = "/sign-in?error=provider_unavailable";

  @TempDir static Path directory;
  private static QuirkProvider provider;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    provider = new QuirkProvider();
    Map<Setting, String> settings = new HashMap<>(TestPeople.SETTINGS);
    settings.put(Setting.GITHUB_CLIENT_ID, "client");
    settings.put(Setting.GITHUB_CLIENT_SECRET, QuirkProvider.SECRET);
    settings.put(Setting.GITHUB_URL, provider.url().toString());
    settings.put(Setting.GITHUB_API_URL, provider.url() + "/api");
    settings.put(
        Setting.OIDC_PROVIDERS,
        provider.oidc(
            QuirkProvider.client("down", "http://localhost:1"),
            // Its metadata says that it is another one.
            QuirkProvider.client("liar", provider.issuer() + "/")));
    server = TestServer.start(directory, settings);
  }

  @BeforeEach
  void normal() {
    provider.mode = QuirkProvider.Mode.NORMAL;
    provider.claims = one -> one;
    provider.unsigned = false;
    provider.shownKey = provider.key;
  }

  @AfterAll
  static void stop() {
    server.close();
    provider.close();
  }

  private static Person person() {
    return new Person(server.mainstay().url(), "ada");
  }

  private static QuirkProvider.Account ada() {
    return new QuirkProvider.Account("7", "ada@example.com", true);
  }

  private static String enter(String id) throws Exception {
    Person person = person();
    String target = SocialFlow.enter(person, provider, id, ada());
    assertThat(person.isSignedIn()).isEqualTo(target.equals("/tasks"));
    return target;
  }

  @Test
  void onlyAnIdTokenOfTheIssuerForUsAndForThisSignInCounts() throws Exception {
    assertThat(enter("quirk")).isEqualTo("/tasks");
    List<UnaryOperator<JWTClaimsSet.Builder>> wrong =
        List.of(
            claims -> claims.claim("nonce", "another"),
            claims -> claims.claim("nonce", null),
            claims -> claims.issuer("https://evil.example"),
            claims -> claims.issuer(null),
            claims -> claims.audience("another client"),
            claims -> claims.audience(List.of("client", "another")).claim("azp", "another"),
            claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(3600))),
            claims -> claims.expirationTime(null),
            claims -> claims.issueTime(Date.from(Instant.now().plusSeconds(3600))),
            claims -> claims.subject(null),
            claims -> claims.subject(""),
            claims -> claims.subject("x".repeat(300)));
    for (int i = 0; i < wrong.size(); i++) {
      provider.claims = wrong.get(i);
      assertThat(enter("quirk")).as("claims %d", i).isEqualTo(NO_PROFILE);
    }
  }

  @Test
  void onlyASignatureOfTheIssuerCounts() throws Exception {
    provider.unsigned = true;
    assertThat(enter("quirk")).as("alg none").isEqualTo(NO_PROFILE);
    provider.unsigned = false;
    RSAKey own = provider.key;
    provider.key = new RSAKey.Builder(QuirkProvider.newKey()).keyID(own.getKeyID()).build();
    assertThat(enter("quirk")).as("another key of the same name").isEqualTo(NO_PROFILE);
    // A key that the issuer shows since a moment ago is read.
    provider.key = QuirkProvider.newKey();
    provider.shownKey = provider.key;
    assertThat(enter("quirk")).as("a new key").isEqualTo("/tasks");
  }

  @Test
  void theUserInfoIsOfWhoHasSignedIn() throws Exception {
    provider.claims = claims -> claims.subject("8").claim("email", null);
    assertThat(enter("quirk")).isEqualTo(NO_PROFILE);
    provider.claims = claims -> claims.claim("email", null).claim("email_verified", null);
    assertThat(enter("quirk")).isEqualTo("/tasks");
  }

  @Test
  void aProviderThatFailsIsSaidSo() throws Exception {
    for (String id : List.of("quirk", "github")) {
      for (QuirkProvider.Mode mode :
          List.of(
              QuirkProvider.Mode.FAILING,
              QuirkProvider.Mode.HUGE,
              QuirkProvider.Mode.EMPTY,
              QuirkProvider.Mode.GARBAGE,
              QuirkProvider.Mode.REDIRECTING)) {
        provider.mode = mode;
        assertThat(enter(id)).as("%s %s", id, mode).isEqualTo(UNAVAILABLE);
      }
    }
    provider.mode = QuirkProvider.Mode.ERROR_WITH_200;
    assertThat(enter("github")).isEqualTo("/sign-in?error=invalid_code");
  }

  @Test
  void aProviderThatIsDownHoldsUpNobodyElse() throws Exception {
    for (String id : List.of("down", "liar")) {
      TestClient.Answer answer = person().auth("sign-in/social", Map.of("provider", id));
      TestPeople.refused(answer, 503, "PROVIDER_UNAVAILABLE");
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Person person = person();
      SocialFlow flow = SocialFlow.signIn(person, "quirk");
      String code = provider.grant(flow.authorization(), ada());
      provider.mode = QuirkProvider.Mode.SILENT;
      int before = provider.calls.size();
      Future<String> waiting = threads.submit(() -> flow.back(code));
      await()
          .until(
              () -> provider.calls.subList(before, provider.calls.size()).contains("/oidc/token"));
      provider.mode = QuirkProvider.Mode.NORMAL;
      assertThat(enter("quirk")).isEqualTo("/tasks");
      assertThat(enter("github")).isEqualTo("/tasks");
      assertThat(waiting.isDone()).isFalse();
      assertThat(waiting.get()).isEqualTo(UNAVAILABLE);
    }
  }
}
