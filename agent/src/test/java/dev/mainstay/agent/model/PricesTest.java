package dev.mainstay.agent.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.agent.Usage;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PricesTest {
  private static final Instant NOVEMBER = Instant.parse("2026-11-01T12:00:00Z");

  private final Prices prices = Prices.builtIn();

  @ParameterizedTest
  @CsvSource({
    // One of each kind, and a million of each.
    "claude-fable-5-1,1,1,1,1,0.00007275",
    "claude-opus-5-5,1000000,1000000,1000000,1000000,29.20",
    "claude-opus-4-5,1,1,1,1,0.00003675",
    "claude-sonnet-5,3,7,11,13,0.0001107",
    "claude-sonnet-5-5,3,7,11,13,0.0001096",
    "claude-haiku-4-5,1,0,0,0,0.000001",
    // The band counts every prompt token and reprices all, the output too.
    "claude-haiku-5-5,100000,1000,0,0,0.0105",
    "claude-haiku-5-5,100001,1000,0,0,0.0525005",
    "claude-haiku-5-5,50000,1000,25000,25000,0.008875",
    "claude-haiku-5-5,50000,1000,25000,25001,0.044375625",
    "claude-haiku-5-5,10,2000000,0,0,1.000001",
  })
  void isExact(String model, long input, long output, long read, long write, String cost) {
    assertThat(prices.cost(model, new Usage(input, output, read, write), NOVEMBER))
        .hasValueSatisfying(value -> assertThat(value).isEqualByComparingTo(cost));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-10-06T23:59:59.999Z,0.20",
    "2026-10-07T00:00:00Z,0.10",
    "2027-06-01T00:00:00Z,0.10"
  })
  void changesWithTheDay(Instant at, String cost) {
    assertThat(prices.cost("claude-sonnet-5-5", new Usage(0, 0, 1_000_000, 0), at))
        .hasValueSatisfying(value -> assertThat(value).isEqualByComparingTo(cost));
  }

  @Test
  void hasNoPriceBeforeTheModelsFirstDay() {
    Instant before = Instant.parse("2026-10-06T23:59:59Z");
    assertThat(prices.cost("claude-haiku-5-5", Usage.NONE, before)).isEmpty();
    assertThat(prices.known("claude-haiku-5-5", before)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "claude-sonnet-5-6",
        "claude-sonnet",
        "claude-sonnet-5-5-20261001-x",
        "claude-sonnet-5-5-2026100",
        "claude-sonnet-5-5-latest-latest",
        "Claude-Sonnet-5-5",
        "gpt-6.1-sol",
        ""
      })
  void guessesNothing(String model) {
    assertThat(prices.known(model, NOVEMBER)).isFalse();
    assertThat(prices.cost(model, new Usage(1, 1, 1, 1), NOVEMBER)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"claude-sonnet-5-5-20261001", "claude-sonnet-5-5-latest"})
  void knowsADatedId(String model) {
    Usage usage = new Usage(1, 2, 3, 4);
    assertThat(prices.cost(model, usage, NOVEMBER))
        .isPresent()
        .isEqualTo(prices.cost("claude-sonnet-5-5", usage, NOVEMBER));
  }

  @Test
  void letsANewDateEndTheBandsOfAnOlderOne() {
    Prices flat =
        Prices.parse(
            """
            model,from,above,input,output,cache_read,cache_write
            m,2026-01-01,0,1,1,1,1
            m,2026-01-01,100,5,5,5,5
            m,2026-06-01,0,2,2,2,2
            """);
    assertThat(prices.with(flat).cost("m", new Usage(1000, 0, 0, 0), NOVEMBER))
        .hasValueSatisfying(value -> assertThat(value).isEqualByComparingTo("0.002"));
    assertThat(prices.with(flat).known("claude-opus-5", NOVEMBER)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m,2026-01-01,0,1,1,1",
        "m,yesterday,0,1,1,1,1",
        "m,2026-01-01,0,1,1,1,-1",
        "m,2026-01-01,0,1,1,1,free",
        ",2026-01-01,0,1,1,1,1"
      })
  void namesTheWrongLine(String line) {
    String csv = "model,from,above,input,output,cache_read,cache_write\n" + line;
    assertThatThrownBy(() -> Prices.parse(csv))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 2");
  }
}
