package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search that ends each test with a server finds what it is for. */
class SeenSecretsTest {
  @TempDir Path directory;

  @Test
  void passwordsSessionsKeysLinksAndCodesAreFoundWhereverTheyAre() throws Exception {
    TestServer server = TestServer.start(directory, TestPeople.SETTINGS);
    URI url = server.mainstay().url();
    Mailbox mails = new Mailbox(server);
    Person person = Person.signedUp(server, mails, "ida");
    person.auth(
        "email-otp/send-verification-otp", Map.of("email", person.email(), "type", "sign-in"));
    String link = mails.link(person.email(), "verify-email");
    List<String> secrets =
        List.of(
            Person.PASSWORD,
            person.cookie().orElseThrow(),
            server.key(),
            link.replaceFirst(".*token=([^&]*).*", "$1"),
            mails.code(person.email()));
    server.close();
    TestPeople people = new TestPeople(server, directory);
    for (String secret : secrets) {
      people.execute("update organizations set logo = 'see " + secret + "'");
      assertThatThrownBy(() -> SeenSecrets.of(url).assertNotIn(directory.resolve("data")))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining(secret);
    }
  }
}
