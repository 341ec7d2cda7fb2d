package dev.mainstay.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mainstay.queue.Retention;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

@Tag("once") // no database
class RetentionConverterTest {
  @ParameterizedTest
  @CsvSource({
    "all, 2147483647,",
    "none, 0,",
    "0, 0,",
    "100, 100,",
    "7d, 2147483647, P7D",
    "1500ms, 2147483647, PT1.5S",
    "'100,7d', 100, P7D",
    "'0,1h', 0, PT1H",
  })
  void reads(String text, int count, Duration age) {
    assertThat(new RetentionConverter().convert(text))
        .isEqualTo(new Retention(count, Optional.ofNullable(age)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "true", "7x", "7d,100", "1,2,3", "2147483648", "1,", ",1d"})
  void refusesOthersInOneSentence(String text) {
    assertThatExceptionOfType(TypeConversionException.class)
        .isThrownBy(() -> new RetentionConverter().convert(text))
        .withMessageContaining("does not say which jobs to keep")
        .withMessageContaining("100,7d");
  }
}
