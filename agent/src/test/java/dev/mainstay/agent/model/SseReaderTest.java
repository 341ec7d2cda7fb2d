package dev.mainstay.agent.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void readsAnyLineEndByteByByte(String end) throws IOException {
    String stream =
        String.join(
            end,
            ": comment",
            "event: x",
            "data: a 🙂",
            "data:b",
            "id: 7",
            "",
            "",
            "data",
            "",
            "data: cut");
    assertThat(read(stream)).containsExactly("a 🙂\nb", "");
  }

  @Test
  void hasAnEnd() {
    assertThatThrownBy(() -> new SseReader(slow("data: 12345\n\n"), 5).next())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("longer than 5 bytes");
  }

  private static List<String> read(String text) throws IOException {
    SseReader reader = new SseReader(slow(text), 1000);
    List<String> events = new ArrayList<>();
    for (String data = reader.next(); data != null; data = reader.next()) {
      events.add(data);
    }
    return events;
  }

  private static InputStream slow(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
      @Override
      public synchronized int read(byte[] buffer, int offset, int length) {
        return super.read(buffer, offset, Math.min(1, length));
      }
    };
  }
}
