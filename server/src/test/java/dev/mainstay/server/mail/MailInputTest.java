package dev.mainstay.server.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.SettingException;
import dev.mainstay.server.platform.Settings;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What mails and their settings are made of, and what is refused. */
@Tag("once") // needs no database
class MailInputTest {

  private static Mail mail(String to, String subject, String text) {
    return new Mail(to, "otp", subject, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ada@example.com",
        "Ada.Lovelace+tag@mail.example.com",
        "o'brien@x-y.example",
        "root@localhost"
      })
  void oneAddressIsTaken(String address) {
    assertThat(mail(address, "Code", "x").to()).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ada",
        "@example.com",
        "ada@",
        "ada@@example.com",
        "ada@example.com,eve@example.com",
        "ada@example.com;eve@example.com",
        "ada@example.com eve@example.com",
        "ada@example.com\r\nBcc: eve@example.com",
        "ada@example.com\n",
        "ada\0@example.com",
        "Ada <ada@example.com>",
        "<ada@example.com>",
        "\"ada\"@example.com",
        "ada(comment)@example.com",
        "ada@[127.0.0.1]",
        "ada@-example.com",
        "ada@example..com",
        ".ada@example.com",
        "ada..b@example.com",
        "ada＠example.com",
        "adа@example.com",
        "ada@exаmple.com",
        "ada@example.com/../x"
      })
  void anythingElseIsRefused(String address) {
    assertThatThrownBy(() -> mail(address, "Code", "x"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("one e-mail address");
  }

  @Test
  void addressesHaveALimit() {
    assertThat(MailAddress.isValid("a".repeat(64) + "@example.com")).isTrue();
    assertThat(MailAddress.isValid("a".repeat(65) + "@example.com")).isFalse();
    assertThat(MailAddress.isValid("a@" + "b.".repeat(130) + "example")).isFalse();
    assertThat(MailAddress.isValid("a".repeat(1_000_000))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "Code\r\nBcc: eve@example.com",
        "Code\nX: y",
        "Code\rX: y",
        "Code\0",
        "Code\u0085X"
      })
  void aSubjectIsOneLine(String subject) {
    assertThatThrownBy(() -> mail("ada@example.com", subject, "x"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("subject");
  }

  @Test
  void lengthsHaveLimits() {
    assertThatThrownBy(() -> mail("ada@example.com", "x".repeat(201), "x"))
        .isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> mail("ada@example.com", "x", "x".repeat(20_001)))
        .isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> new Mail("ada@example.com", "no kind", "x", "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aMailDoesNotShowItsText() {
    assertThat(mail("ada@example.com", "Code", "canary").toString()).doesNotContain("canary");
  }

  @Test
  void whatPeopleChooseStaysText() {
    String html =
        MailHtml.of(
            "<script>alert(1)</script>",
            """
            "Evil" & 'Co' <img src=x onerror=alert(1)> invites you. See https://evil.example/now!
            javascript:alert(1)
            https://good.example/?a="onmouseover=alert(1)

            https://good.example/join?token=t&x=1
            """);
    assertThat(html)
        .doesNotContain("<script")
        .doesNotContain("<img")
        .doesNotContain("href=\"https://evil")
        .doesNotContain("href=\"javascript")
        .doesNotContain("\"onmouseover")
        .contains("<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>")
        .containsOnlyOnce("<a href=")
        .contains("<a href=\"https://good.example/join?token=t&amp;x=1\"");
  }

  private static MailConfig config(String url) {
    return MailConfig.from(Settings.ofOnly(Map.of("MAINSTAY_SMTP_URL", url)));
  }

  @ParameterizedTest
  @CsvSource({
    "smtp://mail.example, mail.example, 587, STARTTLS",
    "smtp://mail.example:25, mail.example, 25, STARTTLS",
    "smtp://mail.example:25?starttls=off, mail.example, 25, NONE",
    "smtp://localhost:1025, localhost, 1025, NONE",
    "smtp://127.0.0.1, 127.0.0.1, 587, NONE",
    "smtp://[::1]:25/, ::1, 25, NONE",
    "smtp://localhost.example, localhost.example, 587, STARTTLS",
    "smtp://127.0.0.1.example, 127.0.0.1.example, 587, STARTTLS",
    "smtps://mail.example, mail.example, 465, TLS",
    "smtps://localhost:4650, localhost, 4650, TLS",
  })
  void urlsSayHowTheConnectionIsProtected(
      String url, String host, int port, SmtpServer.Security security) {
    SmtpServer server = config(url).server().orElseThrow();
    assertThat(server.host()).isEqualTo(host);
    assertThat(server.port()).isEqualTo(port);
    assertThat(server.security()).isEqualTo(security);
    assertThat(server.login()).isEmpty();
  }

  @Test
  void loginsAreDecodedAndDoNotShow() {
    MailConfig config = config("smtp://ada%40example.com:p%3A%2F%40+canary@mail.example");
    assertThat(config.password()).contains("p:/@+canary");
    assertThat(config.server().flatMap(SmtpServer::login).map(SmtpServer.Login::user))
        .contains("ada@example.com");
    assertThat(config.toString()).doesNotContain("canary");
    assertThat(config.server().toString()).doesNotContain("canary");
    assertThat(config.server().flatMap(SmtpServer::login).toString()).doesNotContain("canary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://u:canary@mail.example",
        "u:canary@mail.example",
        "smtp://u:canary@",
        "smtp://u:canary@mail.example:0",
        "smtp://u:canary@mail.example:70000",
        "smtp://u:canary@mail.example:port",
        "smtp://u:canary@mail.example/path",
        "smtp://u:canary@mail.example?starttls=on",
        "smtps://u:canary@mail.example?starttls=off",
        "smtp://u:canary:more@mail.example",
        "smtp://canary@mail.example",
        "smtp://:canary@mail.example",
        "smtp://u:canary%zz@mail.example",
        "smtp://u:canary%0d%0aRCPT@mail.example",
      })
  void aWrongUrlIsOneSentenceWithoutThePassword(String url) {
    assertThatThrownBy(() -> config(url))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("MAINSTAY_SMTP_URL is not usable, because ")
        .hasMessageContaining("it must be smtp://")
        .hasMessageNotContaining("canary")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no-reply@example.com | '' | no-reply@example.com",
        "Ada & Co <no-reply@example.com> | Ada & Co | no-reply@example.com",
        "\"Ada, Inc.\" <no-reply@example.com> | Ada, Inc. | no-reply@example.com",
      })
  void sendersHaveANameOrNone(String text, String name, String address) {
    assertThat(sender(text)).isEqualTo(new Sender(name, address));
  }

  private static Sender sender(String text) {
    return MailConfig.from(Settings.ofOnly(Map.of("MAINSTAY_MAIL_FROM", text))).from();
  }

  @Test
  void withoutSettingsMailHasASenderAndNoServer() {
    assertThat(MailConfig.from(Settings.ofOnly(Map.of())).from())
        .isEqualTo(new Sender("Mainstay", "mainstay@localhost"));
    assertThat(MailConfig.from(Settings.ofOnly(Map.of())).server()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ada",
        "a@b,c@d",
        "Ada <>",
        "Ada <a@b> <c@d>",
        "Ada\u0001 <a@b.example>",
        "<<a@b>>"
      })
  void aWrongSenderIsRefused(String text) {
    assertThatThrownBy(() -> sender(text))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("MAINSTAY_MAIL_FROM is ");
  }
}
