package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several people in one browser. */
class DeviceSessionTest {
  @TempDir static Path directory;
  private static TestServer server;
  private static Mailbox mails;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    mails = new Mailbox(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonNode list(Person browser) throws Exception {
    return browser.get("/api/auth/multi-session/list-device-sessions").json();
  }

  private static String tokenOf(Person browser, String email) throws Exception {
    for (JsonNode one : list(browser)) {
      if (one.path("user").path("email").asText().equals(email)) {
        return one.path("session").path("token").asText();
      }
    }
    throw new AssertionError(email + " is not here");
  }

  private static TestClient.Answer signIn(Person browser, Person who) throws Exception {
    return browser.auth("sign-in/email", Map.of("email", who.email(), "password", Person.PASSWORD));
  }

  private static String active(Person browser) throws Exception {
    return browser.session().path("user").path("email").asText();
  }

  private static TestClient.Answer act(Person browser, String what, String token) throws Exception {
    return browser.auth("multi-session/" + what, Map.of("sessionToken", token));
  }

  private static void assertNoSuchSession(TestClient.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(401);
    assertThat(answer.json().path("code").asText()).isEqualTo("INVALID_SESSION_TOKEN");
  }

  @Test
  void peopleTakeTurns() throws Exception {
    Person ada = Person.signedUp(server, mails, "ada");
    Person bob = Person.signedUp(server, mails, "bob");
    assertThat(signIn(ada, bob).status()).isEqualTo(200);
    assertThat(list(ada)).hasSize(2);
    assertThat(active(ada)).isEqualTo(bob.email());
    assertThat(act(ada, "set-active", tokenOf(ada, ada.email())).status()).isEqualTo(200);
    assertThat(active(ada)).isEqualTo(ada.email());
    assertThat(act(ada, "revoke", tokenOf(ada, ada.email())).status()).isEqualTo(200);
    assertThat(active(ada)).isEqualTo(bob.email());
    assertThat(list(ada)).hasSize(1);
    assertThat(ada.auth("sign-out", Map.of()).status()).isEqualTo(200);
    assertThat(list(ada)).isEmpty();
    assertThat(bob.isSignedIn()).as("in his own browser").isTrue();
  }

  @Test
  void whoComesAgainReplacesTheirFormerSession() throws Exception {
    Person carol = Person.signedUp(server, mails, "carol");
    String former = carol.cookie().orElseThrow();
    String id = tokenOf(carol, carol.email());
    assertThat(signIn(carol, carol).status()).isEqualTo(200);
    assertThat(list(carol)).hasSize(1);
    assertThat(carol.cookieBeside("multi_" + id)).isEmpty();
    carol.plant("mainstay_session", Optional.of(former));
    assertThat(carol.isSignedIn()).isFalse();
  }

  @Test
  void signingOutEndsTheSessionsOfAll() throws Exception {
    Person dave = Person.signedUp(server, mails, "dave");
    Person erin = Person.signedUp(server, mails, "erin");
    String own = dave.cookie().orElseThrow();
    signIn(dave, erin);
    dave.auth("sign-out", Map.of());
    dave.plant("mainstay_session", Optional.of(own));
    assertThat(dave.isSignedIn()).isFalse();
  }

  @Test
  void thereAreFiveAtMost() throws Exception {
    Person first = Person.signedUp(server, mails, "p0");
    List<Person> people = new ArrayList<>(List.of(first));
    for (int i = 1; i < 6; i++) {
      people.add(Person.signedUp(server, mails, "p" + i));
    }
    for (Person one : people.subList(1, 6)) {
      assertThat(signIn(first, one).status()).isEqualTo(200);
    }
    assertThat(list(first)).hasSize(5);
    assertThat(active(first)).as("signed in all the same").isEqualTo(people.getLast().email());
  }

  @Test
  void anIdAloneOpensNothing() throws Exception {
    Person frank = Person.signedUp(server, mails, "frank");
    Person mallory = Person.signedUp(server, mails, "mallory");
    String id = tokenOf(frank, frank.email());
    for (String value : List.of(id, "x", mallory.cookie().orElseThrow(), "%00", "x".repeat(3000))) {
      mallory.plant("mainstay_session_multi_" + id, Optional.of(value));
      assertNoSuchSession(act(mallory, "set-active", id));
      assertNoSuchSession(act(mallory, "revoke", id));
    }
    assertThat(list(mallory)).hasSize(1);
    assertThat(active(mallory)).isEqualTo(mallory.email());
    assertThat(frank.isSignedIn()).isTrue();
    assertThat(mallory.auth("sign-out", Map.of()).status()).isEqualTo(200);
    assertThat(frank.isSignedIn()).as("after mallory has signed out").isTrue();
    for (int i = 0; i < 60; i++) {
      mallory.plant("mainstay_session_multi_" + i, Optional.of("x".repeat(40)));
    }
    assertThat(list(mallory)).isEmpty();
  }

  @Test
  void aSecondFactorIsForWhoComes() throws Exception {
    Person grace = Person.signedUp(server, mails, "grace");
    Person heidi = Person.signedUp(server, mails, "heidi");
    grace.auth("two-factor/enable", Map.of("password", Person.PASSWORD, "method", "otp"));
    assertThat(signIn(heidi, grace).json().path("twoFactorRedirect").asBoolean()).isTrue();
    assertThat(heidi.isSignedIn()).as("heidi makes place").isFalse();
    heidi.auth("two-factor/send-otp", Map.of());
    assertThat(
            heidi.auth("two-factor/verify-otp", Map.of("code", mails.code(grace.email()))).status())
        .isEqualTo(200);
    assertThat(active(heidi)).isEqualTo(grace.email());
    assertThat(act(heidi, "set-active", tokenOf(heidi, heidi.email())).status()).isEqualTo(200);
    assertThat(active(heidi)).isEqualTo(heidi.email());
  }
}
