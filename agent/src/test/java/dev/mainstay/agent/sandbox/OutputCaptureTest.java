package dev.mainstay.agent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OutputCaptureTest {
  private static final String NONCE = "0123456789abcdef0123456789abcdef";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 1000})
  void theMarkerAndCharactersAreFoundHoweverTheStreamIsCut(int chunk) {
    String text = "grüße \ud83d\ude00 \0 " + "\0" + NONCE.substring(1) + " \0\0 end";
    byte[] stream = (text + "\0" + NONCE + "later").getBytes(StandardCharsets.UTF_8);
    OutputMarker marker = new OutputMarker(NONCE);
    OutputCapture capture = new OutputCapture(1000);
    boolean found = false;
    for (int at = 0; at < stream.length && !found; at += chunk) {
      byte[] part = java.util.Arrays.copyOfRange(stream, at, Math.min(stream.length, at + chunk));
      found = marker.scan(part, part.length, capture);
    }
    capture.finish();

    assertThat(found).isTrue();
    assertThat(capture.text()).isEqualTo(text.replace("\0", ""));
  }

  @Test
  void holdsHeadAndTailAndCountsTheRest() {
    OutputCapture capture = new OutputCapture(1000);
    byte[] block = "0123456789".repeat(100).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 1000; i++) {
      capture.append(block, 0, block.length);
      assertThat(capture.takeLive().length()).isLessThanOrEqualTo(8192);
    }
    capture.finish();

    assertThat(capture.text())
        .startsWith("0123456789")
        .endsWith("0123456789")
        .contains("[... 999,000 characters cut ...]")
        .hasSizeLessThan(1050);
  }

  @Test
  void theCutNeverHalvesACharacter() {
    OutputCapture capture = new OutputCapture(1001);
    byte[] faces = "\ud83d\ude00".repeat(2000).getBytes(StandardCharsets.UTF_8);
    capture.append("x".getBytes(StandardCharsets.UTF_8), 0, 1);
    capture.append(faces, 0, faces.length);
    capture.finish();

    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(capture.text())).isTrue();
  }

  @Test
  void anIncompleteCharacterAtTheEndIsReplaced() {
    OutputCapture capture = new OutputCapture(1000);
    capture.append(new byte[] {'a', (byte) 0xe2, (byte) 0x82}, 0, 3);
    capture.finish();

    assertThat(capture.text()).isEqualTo("a\ufffd");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          <ESC>[1;31mred<ESC>[0m,         red
          a<ESC>]8;;http://x<ESC>\\link,  alink
          <ESC>(Bplain,                   plain
          a<ESC>Pdata<BEL>b,              ab
          <CSI>31mc1,                     c1
          one<CR>two,                     one<LF>two
          one<CR><LF>two,                 one<LF>two
          be<BEL>ll<DEL>,                 bell
          <ESC><ESC>[2Jx,                 x
          """)
  void terminalControlVanishes(String raw, String clean) {
    assertThat(TerminalText.clean(decode(raw))).isEqualTo(decode(clean));
  }

  @Test
  void aControlStringWithoutEndDoesNotSwallowEverything() {
    String swallowed = "\u001b]0;" + "x".repeat(5000) + "visible";

    assertThat(TerminalText.clean(swallowed)).endsWith("visible").hasSizeLessThan(1000);
  }

  private static String decode(String text) {
    return text.replace("<ESC>", "\u001b")
        .replace("<BEL>", "\u0007")
        .replace("<CSI>", "\u009b")
        .replace("<DEL>", "\u007f")
        .replace("<CR>", "\r")
        .replace("<LF>", "\n");
  }
}
