package dev.mainstay.server.organization;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once") // needs no database
class OrganizationLettersTest {

  /** Whoever names an organization or themselves does not write the mail. */
  @Test
  void namesCarryNoMessage() {
    assertThat(OrganizationLetters.plain("Ada & Söhne-Müller's 3"))
        .isEqualTo("Ada & Söhne-Müller's 3");
    assertThat(OrganizationLetters.plain("Win at https://evil.example/x?y"))
        .isEqualTo("Win at https evil example x y");
    assertThat(OrganizationLetters.plain("a\r\nBcc: b@c.d")).isEqualTo("a Bcc b c d");
    assertThat(OrganizationLetters.plain("<b>x</b>")).isEqualTo("b x b");
    assertThat(OrganizationLetters.plain("x".repeat(1000))).hasSize(50);
    assertThat(OrganizationLetters.plain("\uD835\uDD38".repeat(60)).codePoints()).hasSize(50);
    assertThat(OrganizationLetters.plain("://")).isEqualTo("(without a name)");
    assertThat(OrganizationLetters.plain("\u202Eabc")).isEqualTo("abc");
  }
}
