package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** The mails of a server without SMTP, as its operator reads them. */
final class Mailbox {
  private static final Pattern LINK = Pattern.compile("https?://\\S+");
  private static final Pattern CODE = Pattern.compile("(?m)^(\\d{6})$");

  private static final Map<String, String> CLIENTS_PATHS =
      Map.of(
          "/links/verify-email", "/api/auth/verify-email",
          "/links/sign-in", "/api/auth/magic-link/verify",
          "/links/delete-account", "/api/auth/delete-user/callback");

  private final TestClient admin;

  Mailbox(TestServer server) {
    this(server.adminClient());
  }

  /**
   * @param admin may read the instance's mails
   */
  Mailbox(TestClient admin) {
    this.admin = admin;
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

  /**
   * The path and query of the link in the newest mail. For a page with a button it is what a client
   * of Better Auth asks for in its place.
   */
  String link(String to, String kind) throws IOException, InterruptedException {
    URI uri = page(to, kind);
    String path = CLIENTS_PATHS.get(uri.getRawPath());
    return path == null
        ? uri.getRawPath() + "?" + uri.getRawQuery()
        : path + "?" + uri.getRawFragment();
  }

  /** The link in the newest mail. */
  URI page(String to, String kind) throws IOException, InterruptedException {
    Matcher matcher = LINK.matcher(text(to, kind));
    assertThat(matcher.find()).isTrue();
    return URI.create(matcher.group());
  }

  /** The token in the newest mail. */
  String token(String to, String kind) throws IOException, InterruptedException {
    return page(to, kind).toString().replaceFirst(".*token=([^&]+).*", "$1");
  }

  /** The code in the newest mail. */
  String code(String to) throws IOException, InterruptedException {
    Matcher matcher = CODE.matcher(text(to, "otp"));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }
}
