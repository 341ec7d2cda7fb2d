package dev.mainstay.agent.model;

import java.time.Duration;
import java.util.Optional;

/**
 * How the Messages API is reached.
 *
 * @param apiKey secret; shown nowhere
 * @param baseUrl without the {@code /v1} path; empty for the vendor's own
 * @param idleTimeout a stream that brings no byte for this long is given up
 * @param callTimeout one attempt may take this long in all, however lively its stream
 */
public record AnthropicSettings(
    String apiKey,
    Optional<String> baseUrl,
    Duration connectTimeout,
    Duration idleTimeout,
    Duration callTimeout,
    Thinking thinking) {

  public AnthropicSettings {
    if (apiKey.isEmpty() || !apiKey.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "The model's API key must be printable ASCII without spaces");
    }
  }

  /** Connect within 15 s, 90 s of silence at most, 30 min for one attempt. */
  public static AnthropicSettings of(String apiKey, Optional<String> baseUrl) {
    return new AnthropicSettings(
        apiKey,
        baseUrl,
        Duration.ofSeconds(15),
        Duration.ofSeconds(90),
        Duration.ofMinutes(30),
        new Thinking.ModelDefault());
  }

  @Override
  public String toString() {
    return "AnthropicSettings[apiKey=…, baseUrl=%s, connectTimeout=%s, idleTimeout=%s, callTimeout=%s, thinking=%s]"
        .formatted(baseUrl.orElse("default"), connectTimeout, idleTimeout, callTimeout, thinking);
  }
}
