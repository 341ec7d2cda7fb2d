package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** The mails of a server without SMTP, as its operator reads them. */
final class Mailbox {
  private static final Pattern LINK = Pattern.compile("https?://\\S+");
  private static final Pattern CODE = Pattern.compile("(?m)^(\\d{6})$");

  private final TestClient admin;

  Mailbox(TestServer server) {
    admin = server.adminClient();
  }

  /** The newest mail to an address, of a kind. */
  String text(String to, String kind) throws IOException, InterruptedException {
    String id = list(to, kind).getFirst().path("id").asText();
    return admin.get("/api/admin/mails/" + id).json().path("text").asText();
  }

  /** The mails to an address, of a kind, the newest first. */
  List<JsonNode> list(String to, String kind) throws IOException, InterruptedException {
    TestClient.Answer answer = admin.get("/api/admin/mails?limit=200");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return StreamSupport.stream(answer.json().path("items").spliterator(), false)
        .filter(mail -> mail.path("to").asText().equals(to))
        .filter(mail -> mail.path("kind").asText().equals(kind))
        .toList();
  }

  /** The path and query of the link in the newest mail. */
  String link(String to, String kind) throws IOException, InterruptedException {
    Matcher matcher = LINK.matcher(text(to, kind));
    assertThat(matcher.find()).isTrue();
    URI uri = URI.create(matcher.group());
    return uri.getRawPath() + "?" + uri.getRawQuery();
  }

  /** The code in the newest mail. */
  String code(String to) throws IOException, InterruptedException {
    Matcher matcher = CODE.matcher(text(to, "otp"));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }
}
