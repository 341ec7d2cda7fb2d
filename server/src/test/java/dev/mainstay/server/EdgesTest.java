package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.platform.Setting;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often somebody may try, who may become a user, whose pages may call. */
class EdgesTest {
  @TempDir static Path directory;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        TestServer.start(
            directory,
            Map.of(
                Setting.ROLES,
                "web",
                Setting.TRUSTED_PROXIES,
                "127.0.0.0/8",
                Setting.TRUSTED_ORIGINS,
                "https://app.example.com,http://localhost:3000"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static TestClient.Answer signIn(String address, String email) throws Exception {
    return signIn("/api/auth/sign-in/email", address, email);
  }

  private static TestClient.Answer signIn(String path, String address, String email)
      throws Exception {
    // Not resolved against the server's address: two slashes would begin a host.
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.mainstay().url() + path))
            .header("Content-Type", "application/json")
            .header("X-Forwarded-For", address)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"email\":\"" + email + "\",\"password\":\"some password\"}"));
    return new TestClient(server.mainstay().url(), "").send(request);
  }

  private static long allowed(List<TestClient.Answer> answers) {
    return answers.stream().filter(answer -> answer.status() != 429).count();
  }

  @Test
  void anAddressTriesTwentyTimesAMinute() throws Exception {
    List<TestClient.Answer> answers = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      answers.add(signIn("198.51.100.7", "user" + i + "@example.com"));
    }
    assertThat(allowed(answers)).isEqualTo(20);
    assertThat(
            Integer.parseInt(
                answers.getLast().response().headers().firstValue("Retry-After").orElseThrow()))
        .isBetween(1, 61);
    assertThat(signIn("198.51.100.8", "x@example.com").status()).isEqualTo(401);
  }

  /** A customer has 2^64 addresses, and may say more in front of the one that the proxy saw. */
  @Test
  void othersNumbersAndSpellingsDoNotHelp() throws Exception {
    List<TestClient.Answer> answers = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      answers.add(signIn("10.9.8." + i + ", 2001:db8:1:2:3::" + i, "other" + i + "@example.com"));
    }
    assertThat(allowed(answers)).isEqualTo(20);
    // Another spelling of the path is no other door (GHSA-x732-6j76-qmhm).
    for (String path :
        List.of(
            "//api/auth/sign-in/email", "/api//auth/sign-in/email", "/api/auth/sign-in/email/")) {
      assertThat(signIn(path, "2001:db8:1:2:9::9", "x@example.com").status())
          .as(path)
          .isIn(400, 404, 429);
    }
  }

  @Test
  void anAddressGetsFewMails() throws Exception {
    List<TestClient.Answer> answers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      answers.add(
          new TestClient(server.mainstay().url(), "")
              .post(
                  "/api/auth/request-password-reset",
                  "{\"email\":\"flooded@example.com\"}",
                  "X-Forwarded-For",
                  "203.0.113." + i));
    }
    assertThat(allowed(answers)).isEqualTo(5);
  }

  @Test
  void strangersBecomeUsersOnlyWhereThatIsAllowed() throws Exception {
    Person stranger = new Person(server.mainstay().url(), "stranger");
    TestClient.Answer answer = stranger.signUp();
    assertThat(answer.status()).isEqualTo(200);
    Mailbox mails = new Mailbox(server);
    assertThat(mails.list(stranger.email(), "verify-email")).isEmpty();
    assertThat(mails.list(stranger.email(), "sign-up-by-invitation")).hasSize(1);
    assertThat(stranger.auth("sign-in/magic-link", Map.of("email", stranger.email())).status())
        .isEqualTo(200);
    assertThat(mails.list(stranger.email(), "magic-link")).isEmpty();
    stranger.auth(
        "email-otp/send-verification-otp", Map.of("email", stranger.email(), "type", "sign-in"));
    assertThat(mails.list(stranger.email(), "otp")).isEmpty();
  }

  private static TestClient.Answer from(String origin, String method) throws Exception {
    HttpRequest.Builder request =
        new TestClient(server.mainstay().url(), "")
            .request("/api/auth/sign-out")
            .header("Origin", origin)
            .header("Sec-Fetch-Site", "cross-site")
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(method.equals("POST") ? "{}" : ""));
    if (method.equals("OPTIONS")) {
      request.header("Access-Control-Request-Method", "POST");
      request.header("Access-Control-Request-Headers", "content-type");
    }
    return new TestClient(server.mainstay().url(), "").send(request);
  }

  private static Optional<String> header(TestClient.Answer answer, String name) {
    return answer.response().headers().firstValue(name);
  }

  @Test
  void pagesOfTrustedSitesCallAndNoOthers() throws Exception {
    for (String origin : List.of("https://app.example.com", "http://localhost:3000")) {
      TestClient.Answer asked = from(origin, "OPTIONS");
      assertThat(asked.status()).isBetween(200, 204);
      assertThat(header(asked, "Access-Control-Allow-Origin")).hasValue(origin);
      assertThat(header(asked, "Access-Control-Allow-Credentials")).hasValue("true");
      TestClient.Answer answer = from(origin, "POST");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(header(answer, "Access-Control-Allow-Origin")).hasValue(origin);
    }
    for (String origin :
        List.of(
            "https://evil.example",
            "http://app.example.com",
            "https://x.app.example.com",
            "null")) {
      TestClient.Answer answer = from(origin, "POST");
      assertThat(answer.status()).as(origin).isBetween(400, 403);
      assertThat(header(answer, "Access-Control-Allow-Origin")).as(origin).isEmpty();
      assertThat(header(from(origin, "OPTIONS"), "Access-Control-Allow-Origin")).isEmpty();
    }
  }
}
