package dev.mainstay.queue.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Held against cron-parser 5.10.5; src/test/cron/table.mjs wrote the tables. BullMQ 6.7.0 has its
 * 5.10.3, which leaves out what is to fire at midnight on a day that begins at 1:00.
 */
class CronExpressionTest {
  private static final String TABLE = "cron-parser-5.10.5.tsv";

  record Row(String pattern, ZoneId zone, Instant start, List<Instant> times) {
    static Row parse(String line) {
      String[] cells = line.split("\t");
      return new Row(
          cells[0],
          ZoneId.of(cells[1]),
          Instant.parse(cells[2]),
          Stream.of(cells).skip(3).map(Instant::parse).toList());
    }
  }

  static List<Row> rows() throws IOException {
    return rows(TABLE);
  }

  /** Days that begin at 1:00, end at 23:00, or are left out. */
  static List<Row> midnights() throws IOException {
    return rows("cron-parser-5.10.5-midnight.tsv");
  }

  private static List<Row> rows(String table) throws IOException {
    try (InputStream in =
            Objects.requireNonNull(CronExpressionTest.class.getResourceAsStream(table));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().map(Row::parse).toList();
    }
  }

  @ParameterizedTest
  @MethodSource({"rows", "midnights"})
  void firesWhenCronParserDoes(Row row) {
    CronExpression cron = CronExpression.parse(row.pattern());
    List<Instant> times = new ArrayList<>();
    Instant at = row.start();
    for (int i = 0; i < row.times().size(); i++) {
      at = cron.next(at, row.zone()).orElseThrow();
      times.add(at);
    }
    assertThat(times).isEqualTo(row.times());
  }

  @Test
  void theTableHasTwoHundredPatterns() throws IOException {
    assertThat(rows()).hasSizeGreaterThanOrEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "60 * * * * *",
        "* 60 * * * *",
        "* * 24 * * *",
        "* * * 0 * *",
        "* * * 32 * *",
        "* * * * 13 *",
        "* * * * 0 *",
        "* * * * * 8",
        "1,1 * * * *",
        "5-3 * * * *",
        "*/0 * * * *",
        "a * * * *",
        "* * * * foo",
        "0 0 31 2 *",
        "0 0 30 2 *",
        "0 0 31 4,6 *",
        "* * * * * * *",
        "1- * * * *",
        "-1 * * * *",
        "1//2 * * * *",
        "*5 * * * *",
        "** * * * *",
        "0 0 * * L",
        "0 0 3L * *",
        "0 0 * * 8L",
        "0 0 * * 5#6",
        "0 0 * * 5#0",
        "0 0 * * 1,2#1",
        "0 0 * * 1#1#2",
        "1.5 * * * *",
        "0 0 * * 5LL",
        "0 0 L-2 * *",
        "0 0 * * 0,7",
        "1-3,2 * * * *",
        "*,5 * * * *",
        "0 0 1W * *",
        "* * * * 1-5#2",
        "0 0 * jan,1 *",
        "0 0 * janu *",
        "1, * * * *",
        ",1 * * * *",
        "0 0 * * 1L,1L",
        "0 0 L,L * *",
        "0 0 * * MON#",
        "5/ * * * *",
        "0x1 * * * *",
        "0 0 * * L5",
        "0 0 * * 5#1L",
        "H(5-3) * * * *",
        "H(60-99) * * * *",
        "H/0 * * * *",
        "H(1-) * * * *",
        "HH * * * *",
        "h * * * *",
        "0 0 H 2 H#9",
        "H,H * * * *",
        "*/99999999999 * * * *",
        "٣ * * * *",
        "   ",
        "@never"
      })
  void whatIsNoPatternIsRefused(String pattern) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CronExpression.parse(pattern))
        .withMessageMatching("(?i).*cron pattern.*");
  }

  @Test
  void theEmptyPatternIsEachMinutes() {
    assertThat(
            CronExpression.parse("").next(Instant.parse("2026-01-01T00:00:30Z"), ZoneId.of("UTC")))
        .contains(Instant.parse("2026-01-01T00:01:00Z"));
  }

  record Hashed(String pattern, String seed, List<Instant> times) {}

  /** By cron-parser's hashSeed. */
  static List<Hashed> hashed() throws IOException {
    try (InputStream in =
            Objects.requireNonNull(
                CronExpressionTest.class.getResourceAsStream("cron-parser-5.10.5-hashed.tsv"));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .map(line -> line.split("\t"))
          .map(
              cells ->
                  new Hashed(
                      cells[0], cells[1], Stream.of(cells).skip(2).map(Instant::parse).toList()))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("hashed")
  void takesTheNumbersThatCronParserTakesForASeed(Hashed row) {
    CronExpression cron = CronExpression.parse(row.pattern(), row.seed());
    List<Instant> times = new ArrayList<>();
    Instant at = Instant.parse("2026-01-01T00:00:00Z");
    for (int i = 0; i < row.times().size(); i++) {
      at = cron.next(at, ZoneId.of("UTC")).orElseThrow();
      times.add(at);
    }
    assertThat(times).isEqualTo(row.times());
  }

  @Test
  void withoutASeedThePatternDecides() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    ZoneId utc = ZoneId.of("UTC");
    assertThat(CronExpression.parse("H H * * *").next(start, utc))
        .isEqualTo(CronExpression.parse("H H * * *", "H H * * *").next(start, utc))
        .isEqualTo(CronExpression.parse("H H * * *").next(start, utc));
  }

  @Test
  void aPatternOfEndlessLengthIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CronExpression.parse("1,".repeat(600) + "1 * * * *"))
        .withMessageContaining("1024");
  }

  @ParameterizedTest
  @CsvSource({
    "0 0 13 13 *, month, 13 is not from 1 to 12",
    "99 * * * *, minute, 99 is not from 0 to 59",
    "0 9-5 * * *, hour, ends before it begins"
  })
  void theMessageNamesTheFieldAndTheReason(String pattern, String field, String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CronExpression.parse(pattern))
        .withMessageContaining("'" + field + "'")
        .withMessageContaining(reason);
  }

  @Test
  void theLeapDayIsFoundOverACenturyWithoutOne() {
    assertThat(
            CronExpression.parse("0 0 29 2 *")
                .next(Instant.parse("2096-03-01T00:00:00Z"), ZoneId.of("UTC")))
        .contains(Instant.parse("2104-02-29T00:00:00Z"));
  }

  @Test
  void clocksThatChangeByHalfAnHourDoNotStopTheSearch() {
    ZoneId lordHowe = ZoneId.of("Australia/Lord_Howe");
    CronExpression halfPastOne = CronExpression.parse("45 1 * * *");
    Instant first = halfPastOne.next(Instant.parse("2026-04-04T12:00:00Z"), lordHowe).orElseThrow();
    assertThat(first).isEqualTo(Instant.parse("2026-04-04T14:45:00Z"));
    assertThat(halfPastOne.next(first, lordHowe)).contains(Instant.parse("2026-04-05T15:15:00Z"));
  }
}
