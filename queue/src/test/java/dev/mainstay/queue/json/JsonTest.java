package dev.mainstay.queue.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.Retention;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
  @Test
  void readsEveryKindOfValue() {
    assertThat(
            Json.read(
                " {\"a\" : [1, -2.5e1, 12345678901234567890, true, false, null, \"\"], \"b\":{} } "))
        .isEqualTo(
            Map.of(
                "a",
                Arrays.asList(1L, -25.0, 1.2345678901234567e19, true, false, null, ""),
                "b",
                Map.of()));
    assertThat(Json.read("\"\\u00e9\\n\\r\\b\\f\\/\\\"\"")).isEqualTo("é\n\r\b\f/\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\"}",
        "{a:1}",
        "01",
        "1.",
        "+1",
        "nul",
        "\"a",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\u12",
        "\"\t\"",
        "[1] 2",
        "{\"a\":1,}",
        "-",
        "NaN",
        "'a'",
        "\"\\"
      })
  void refusesWhatIsNotJson(String text) {
    assertThatThrownBy(() -> Json.read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("It is not JSON");
  }

  @Test
  void refusesWhatIsNestedTooDeeply() {
    assertThat(Json.read("[".repeat(100) + "]".repeat(100))).isInstanceOf(List.class);
    assertThatThrownBy(() -> Json.read("[".repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("100 levels");
  }

  @Test
  void readsTheStringsThatItWrote() {
    List<String> values =
        List.of("", "\"", "\\\"", "],[", "\ud83d\ude00", "\ud83d", "a\u0000\u001fb", "x\ny\t");
    assertThat(Json.readStrings(Json.writeStrings(values))).isEqualTo(values);
    assertThat(Json.writeStrings(List.of())).isNull();
    assertThat(Json.readStrings(null)).isEmpty();
    assertThat(Json.writeStrings(List.of("a\"b\\c", "\n\u0000é")))
        .isEqualTo("[\"a\\\"b\\\\c\",\"\\n\\u0000é\"]");
  }

  @Test
  void refusesToWriteOtherThings() {
    assertThatThrownBy(() -> Json.write(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Json.write(new Object())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsTheOptionsThatItWrote() {
    JobOptions full =
        JobOptions.builder()
            .id("é\"")
            .priority(JobOptions.MAX_PRIORITY)
            .lifo(true)
            .delay(Duration.ofDays(400))
            .attempts(Integer.MAX_VALUE, new Backoff("own", Duration.ofMillis(7), 0.25))
            .removeOnComplete(Retention.newest(5).upTo(Duration.ofMillis(1500)))
            .removeOnFail(Retention.ALL)
            .timeout(Duration.ofMillis(3))
            .keepLogs(0)
            .stackTraceLimit(100)
            .group("tenant")
            .units(1_000_000_000_000L)
            .deduplication(Deduplication.debounce("d", Duration.ofSeconds(9)))
            .build();
    assertThat(OptionsJson.read(OptionsJson.write(full))).isEqualTo(full);
    assertThat(OptionsJson.read(OptionsJson.write(JobOptions.DEFAULT)))
        .isEqualTo(JobOptions.DEFAULT);
  }

  @Test
  void readsWhatBullMqWrites() {
    JobOptions options =
        OptionsJson.read(
            """
            {"attempts":3,"backoff":{"type":"exponential","delay":500},"delay":10,"priority":2,
             "removeOnComplete":true,"removeOnFail":{"age":60},"de":{"id":"x","ttl":1000},"kl":20,
             "sizeLimit":99,"timestamp":1}""");
    assertThat(options)
        .isEqualTo(
            JobOptions.builder()
                .attempts(3, Backoff.exponential(Duration.ofMillis(500)))
                .delay(Duration.ofMillis(10))
                .priority(2)
                .removeOnComplete(Retention.NONE)
                .removeOnFail(Retention.ALL.upTo(Duration.ofSeconds(60)))
                .deduplication(Deduplication.throttle("x", Duration.ofSeconds(1)))
                .keepLogs(20)
                .build());
  }
}
