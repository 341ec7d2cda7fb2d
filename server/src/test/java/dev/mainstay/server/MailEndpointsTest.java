package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.mainstay.server.mail.Mail;
import dev.mainstay.server.mail.MailConfig;
import dev.mainstay.server.mail.MailModule;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.Settings;
import dev.mainstay.server.platform.TestDatabases;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What administrators see of mails that another process has written. */
class MailEndpointsTest {
  @TempDir private Path directory;

  private void send(int count) {
    Path data = directory.resolve("data");
    try (Database database = TestDatabases.open(data)) {
      MailModule module =
          new MailModule(
              database,
              TestDatabases.keyring(data, database),
              MailConfig.from(Settings.ofOnly(Map.of())),
              Clock.systemUTC());
      for (int i = 0; i < count; i++) {
        Mail mail = new Mail("user" + i + "@example.com", "otp", "Code " + i, "canary " + i);
        database.execute(tx -> module.mailer().send(tx, mail));
      }
    }
  }

  @Test
  void mailsAreListedShownAndRetried() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    GreenMail smtp = new GreenMail(new ServerSetup(port, "127.0.0.1", "smtp"));
    try (TestServer server =
        TestServer.start(directory, Map.of(Setting.SMTP_URL, "smtp://127.0.0.1:" + port))) {
      TestClient client = server.adminClient();
      TestClient nobody = new TestClient(server.mainstay().url(), "");
      assertThat(nobody.get("/api/auth/options").json().path("sendsMail").asBoolean()).isTrue();
      send(3);
      TestClient.Answer page = client.get("/api/admin/mails?limit=2");
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body()).doesNotContain("canary");
      JsonNode newest = page.json().path("items").get(0);
      assertThat(newest.path("to").asText()).isEqualTo("user2@example.com");
      assertThat(newest.path("kind").asText()).isEqualTo("otp");
      assertThat(newest.path("subject").asText()).isEqualTo("Code 2");
      assertThat(newest.path("state").asText()).isEqualTo("pending");
      JsonNode rest =
          client
              .get("/api/admin/mails?limit=2&cursor=" + page.json().path("nextCursor").asText())
              .json();
      assertThat(rest.path("items")).hasSize(1);
      assertThat(rest.path("items").get(0).path("to").asText()).isEqualTo("user0@example.com");
      assertThat(rest.has("nextCursor")).isFalse();
      String one = "/api/admin/mails/" + newest.path("id").asText();
      assertThat(client.get(one).json().path("text").asText()).isEqualTo("canary 2");

      smtp.start();
      for (JsonNode mail : client.get("/api/admin/mails").json().path("items")) {
        TestClient.Answer retried =
            client.post("/api/admin/mails/" + mail.path("id").asText() + "/retry", "");
        assertThat(retried.status()).as(retried.body()).isIn(200, 409);
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(smtp.getReceivedMessages()).hasSize(3));
      await()
          .untilAsserted(
              () -> assertThat(client.get(one).json().path("state").asText()).isEqualTo("sent"));
      JsonNode sent = client.get(one).json();
      assertThat(sent.has("text")).isFalse();
      assertThat(sent.path("sentAt").asText()).isNotEmpty();
      TestClient.Answer again = client.post(one + "/retry", "");
      assertThat(again.status()).isEqualTo(409);
      assertThat(again.json().path("type").asText()).isEqualTo("urn:mainstay:problem:mail-sent");
      String reader =
          server.mainstay().identity().createOwnerKey("reader", List.of("tasks:read")).key();
      assertThat(new TestClient(server.mainstay().url(), reader).get(one).status()).isEqualTo(403);
    } finally {
      smtp.stop();
    }
  }

  /** A process with no mail server has it in its log, as an operator would look for it. */
  @Test
  void withoutAMailServerTheLogHasTheMail() throws Exception {
    try (ServerProcess server = ServerProcess.start(directory, Map.of())) {
      assertThat(server.log()).contains("Mail is not sent but written to this log");
      send(1);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> server.log().contains("To: user0@example.com"));
      assertThat(server.log()).contains("canary 0").contains("Subject: Code 0");
      server.stop();
    }
  }
}
