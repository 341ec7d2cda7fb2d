package dev.mainstay.queue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TextArrayTest {
  @Test
  void isJson() {
    assertThat(TextArray.write(List.of("a\"b\\c", "", "\n\t\r\u0000é")))
        .isEqualTo("[\"a\\\"b\\\\c\",\"\",\"\\n\\t\\u000d\\u0000é\"]");
  }

  @Test
  void readsWhatItWrote() {
    List<String> values =
        List.of("", "\"", "\\\"", "],[", "\ud83d\ude00", "\ud83d", "a\u0000\u001fb", "x\ny");
    assertThat(TextArray.read(TextArray.write(values))).isEqualTo(values);
    assertThat(TextArray.write(List.of())).isNull();
    assertThat(TextArray.read(null)).isEmpty();
  }
}
