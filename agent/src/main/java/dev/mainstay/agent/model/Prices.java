package dev.mainstay.agent.model;

import dev.mainstay.agent.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What tokens cost, in US dollars, exact. Rows are dated: a call is priced by the newest rows of
 * its model that begin on or before the UTC day of the call. Within one date a row may begin above
 * a number of prompt tokens (input, cache reads and cache writes together); it then prices every
 * token of the call, the output too.
 *
 * <p>A model is found by its exact id, or by its id without one suffix {@code -YYYYMMDD} or {@code
 * -latest}. There is no other likeness: {@code claude-sonnet-5-5} is not {@code claude-sonnet-5},
 * and an id that is not found has no price.
 */
public final class Prices {
  private static final Pattern DATED = Pattern.compile("(.+)-(?:\\d{8}|latest)");
  private static final String HEADER = "model,from,above,input,output,cache_read,cache_write";

  /** By model; newest first, and within one date the highest band first. */
  private final Map<String, List<Row>> rows;

  private Prices(Map<String, List<Row>> rows) {
    this.rows = rows;
  }

  /** US dollars for a million tokens of each kind. */
  private record Row(
      LocalDate from,
      long above,
      BigDecimal input,
      BigDecimal output,
      BigDecimal cacheRead,
      BigDecimal cacheWrite) {}

  /** The rows of {@code prices.csv} beside this class. */
  public static Prices builtIn() {
    try (InputStream in = Prices.class.getResourceAsStream("prices.csv")) {
      if (in == null) {
        throw new IllegalStateException("prices.csv is missing");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads rows of {@code model,from,above,input,output,cache_read,cache_write}: an ISO date, a
   * number of prompt tokens, and dollars for a million tokens. The first line is this header; lines
   * that begin with {@code #} are left out.
   *
   * @throws IllegalArgumentException with the number of the line that is wrong
   */
  public static Prices parse(String csv) {
    Map<String, List<Row>> rows = new HashMap<>();
    int number = 0;
    boolean header = false;
    for (String line : csv.lines().toList()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (!header) {
        if (!line.strip().equals(HEADER)) {
          throw new IllegalArgumentException("Prices, line " + number + ": expected " + HEADER);
        }
        header = true;
        continue;
      }
      String[] cells = line.strip().split(",", -1);
      try {
        rows.computeIfAbsent(cells[0], model -> new ArrayList<>()).add(row(cells));
      } catch (DateTimeParseException | IllegalArgumentException e) {
        throw new IllegalArgumentException("Prices, line " + number + ": " + e.getMessage(), e);
      }
    }
    return new Prices(sorted(rows));
  }

  /** These prices, with all rows of each model that {@code other} names replaced by its rows. */
  public Prices with(Prices other) {
    Map<String, List<Row>> merged = new HashMap<>(rows);
    merged.putAll(other.rows);
    return new Prices(merged);
  }

  public boolean known(String model, Instant at) {
    return !current(model, at).isEmpty();
  }

  /** What a call cost, exact; empty if the model has no price on that day. */
  public Optional<BigDecimal> cost(String model, Usage usage, Instant at) {
    long prompt = usage.inputTokens() + usage.cacheReadTokens() + usage.cacheWriteTokens();
    return current(model, at).stream()
        .filter(row -> row.above() == 0 || prompt > row.above())
        .findFirst()
        .map(
            row ->
                times(row.input(), usage.inputTokens())
                    .add(times(row.output(), usage.outputTokens()))
                    .add(times(row.cacheRead(), usage.cacheReadTokens()))
                    .add(times(row.cacheWrite(), usage.cacheWriteTokens()))
                    .movePointLeft(6));
  }

  private List<Row> current(String model, Instant at) {
    LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
    List<Row> begun = rows(model).stream().filter(row -> !row.from().isAfter(day)).toList();
    return begun.stream().filter(row -> row.from().equals(begun.getFirst().from())).toList();
  }

  private List<Row> rows(String model) {
    List<Row> exact = rows.get(model);
    if (exact != null) {
      return exact;
    }
    Matcher dated = DATED.matcher(model);
    return dated.matches() ? rows.getOrDefault(dated.group(1), List.of()) : List.of();
  }

  private static Row row(String[] cells) {
    if (cells.length != 7 || cells[0].isBlank()) {
      throw new IllegalArgumentException("expected 7 cells");
    }
    return new Row(
        LocalDate.parse(cells[1]),
        Long.parseLong(cells[2]),
        dollars(cells[3]),
        dollars(cells[4]),
        dollars(cells[5]),
        dollars(cells[6]));
  }

  private static BigDecimal dollars(String cell) {
    BigDecimal amount = new BigDecimal(cell);
    if (amount.signum() < 0) {
      throw new IllegalArgumentException("a price below 0");
    }
    return amount;
  }

  private static Map<String, List<Row>> sorted(Map<String, List<Row>> rows) {
    Comparator<Row> newestFirst =
        Comparator.comparing(Row::from).thenComparing(Row::above).reversed();
    Map<String, List<Row>> sorted = new HashMap<>();
    rows.forEach((model, list) -> sorted.put(model, list.stream().sorted(newestFirst).toList()));
    return sorted;
  }

  private static BigDecimal times(BigDecimal price, long tokens) {
    return price.multiply(BigDecimal.valueOf(tokens));
  }
}
