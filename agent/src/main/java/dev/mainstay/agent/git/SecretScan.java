package dev.mainstay.agent.git;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds what must not leave in a commit: the server's own secrets, and tokens whose issuers gave
 * them a shape that nothing else has. The shapes are those that the issuers document (GitHub,
 * GitLab, AWS, Google, Slack, Stripe, npm, Anthropic, OpenAI, RFC 7468 and OpenSSH keys); a secret
 * without a shape of its own, such as a password, is not found.
 */
public final class SecretScan {
  /** What stands in a text in place of a secret. */
  public static final String REDACTED = "[redacted]";

  /** Text is searched again after a replacement, since what stood beside it may count now. */
  private static final int MAX_PASSES = 10;

  /** A key with all that belongs to it, also if its end is missing. */
  private static final Pattern PRIVATE_KEY =
      Pattern.compile(
          "-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
              + "(?s:.*?)(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|\\z)");

  /** Shorter values would be found everywhere. */
  private static final int MIN_KNOWN_LENGTH = 8;

  /** Of one line of a value that has several; a short line may stand in any file. */
  private static final int MIN_LINE_LENGTH = 16;

  /** A token's random part has far more; a placeholder such as {@code ghp_xxxx…} has not. */
  private static final int MIN_DISTINCT = 8;

  private static final Map<String, Pattern> SHAPES = shapes();

  private final List<String> known;

  /** Where the secrets of the moment come from. */
  @FunctionalInterface
  public interface Source {
    SecretScan current() throws GitException;
  }

  /**
   * @param known values that the server holds; those of fewer than 8 characters are left out
   */
  public SecretScan(Collection<String> known) {
    this.known =
        known.stream()
            .filter(value -> value.length() >= MIN_KNOWN_LENGTH)
            .flatMap(SecretScan::withItsLines)
            .flatMap(value -> Stream.of(value, asBytes(value)))
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /** A diff is read line by line, so a value of several lines is found by any of them. */
  private static Stream<String> withItsLines(String value) {
    return Stream.concat(
        Stream.of(value),
        value.lines().map(String::strip).filter(line -> line.length() >= MIN_LINE_LENGTH));
  }

  /** One character per byte, as the lines of a diff are read. */
  private static String asBytes(String value) {
    return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /**
   * A place that holds what looks like a secret; never the value.
   *
   * @param file its path in the repository, or "the commit message"
   * @param line from 1; 0 for the file's name
   * @param kind what it looks like
   */
  public record Finding(String file, int line, String kind) {
    @Override
    public String toString() {
      return line == 0
          ? "%s (its name): %s".formatted(file, kind)
          : "%s:%d: %s".formatted(file, line, kind);
    }
  }

  private static Map<String, Pattern> shapes() {
    Map<String, Pattern> shapes = new LinkedHashMap<>();
    shapes.put(
        "a private key", Pattern.compile("-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"));
    shapes.put(
        "a GitHub token", token("(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})"));
    shapes.put("a GitLab token", token("glpat-[A-Za-z0-9_-]{20,}"));
    shapes.put("an AWS access key", token("(?:AKIA|ASIA)[A-Z2-7]{16}"));
    shapes.put("a Google API key", token("AIza[A-Za-z0-9_-]{35}"));
    shapes.put("a Slack token", token("xox[abeprs]-[0-9]{6,}-[A-Za-z0-9-]{10,}"));
    shapes.put("a Stripe key", token("[rs]k_live_[A-Za-z0-9]{20,}"));
    shapes.put("an npm token", token("npm_[A-Za-z0-9]{36}"));
    shapes.put("an Anthropic key", token("sk-ant-[A-Za-z0-9_-]{20,}"));
    shapes.put("an OpenAI key", token("sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20,}"));
    shapes.put("a Mainstay key", token("ms_[A-Za-z0-9_-]{43}"));
    return shapes;
  }

  /**
   * Not as part of a longer word, such as base64. A slash may come before it, though base64 has it
   * too: {@code https://TOKEN@host} is how most tokens of Git hosts get about.
   */
  private static Pattern token(String shape) {
    return Pattern.compile("(?<![A-Za-z0-9_+])" + shape + "(?![A-Za-z0-9_])");
  }

  /** What the text looks like it holds. */
  Optional<String> kind(String text) {
    for (String value : known) {
      if (text.contains(value)) {
        return Optional.of("a secret of this server");
      }
    }
    for (Map.Entry<String, Pattern> shape : SHAPES.entrySet()) {
      Matcher matcher = shape.getValue().matcher(text);
      while (matcher.find()) {
        if (!isPlaceholder(matcher.group())) {
          return Optional.of(shape.getKey());
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The text with {@value #REDACTED} in place of each secret. To be applied to a text as it was
   * written: of one that was shortened before, part of a secret may be left that nothing tells from
   * other words.
   */
  public String redact(String text) {
    String clean = text;
    for (int pass = 0; pass < MAX_PASSES && kind(clean).isPresent(); pass++) {
      for (String value : known) {
        clean = clean.replace(value, REDACTED);
      }
      clean = PRIVATE_KEY.matcher(clean).replaceAll(REDACTED);
      for (Pattern shape : SHAPES.values()) {
        clean =
            shape
                .matcher(clean)
                .replaceAll(
                    found ->
                        Matcher.quoteReplacement(
                            isPlaceholder(found.group()) ? found.group() : REDACTED));
      }
    }
    return kind(clean).isPresent() ? REDACTED : clean;
  }

  /** Whether the text holds what looks like a secret. */
  public boolean finds(String text) {
    return kind(text).isPresent();
  }

  /** How many characters the longest secret has that is searched for. */
  int longest() {
    return known.isEmpty() ? MIN_KNOWN_LENGTH : known.getFirst().length();
  }

  private static boolean isPlaceholder(String token) {
    return token.contains("EXAMPLE") || token.chars().distinct().count() < MIN_DISTINCT;
  }

  /** What a commit's message holds, line by line. */
  List<Finding> message(String message) {
    List<Finding> findings = new ArrayList<>();
    int number = 0;
    for (String line : message.split("\n", -1)) {
      number++;
      int at = number;
      kind(line).ifPresent(kind -> findings.add(new Finding("the commit message", at, kind)));
    }
    return findings;
  }
}
