package dev.mainstay.agent;

import java.time.Duration;
import java.util.Map;

/**
 * How the loop behaves, the same for every run.
 *
 * @param maxOutputTokens the most that one model call may generate
 * @param parallelTools how many read-only calls run at once
 */
public record LoopSettings(
    int maxOutputTokens, int parallelTools, Retry retry, Compaction compaction) {

  public static final LoopSettings DEFAULT =
      new LoopSettings(32_000, 8, Retry.DEFAULT, Compaction.DEFAULT);

  public LoopSettings {
    require(maxOutputTokens > 0, "maxOutputTokens must be above 0");
    require(parallelTools > 0, "parallelTools must be above 0");
  }

  /**
   * When a failed model call is made again: exponential backoff with full jitter ({@code random() *
   * min(maxDelay, baseDelay * 2^n)}), at least what the server asked for.
   *
   * @param maxAttempts including the first
   * @param window no attempt starts later than this after the first
   * @param maxRetryAfter a server that asks for more is asked again after this
   */
  public record Retry(
      int maxAttempts,
      Duration window,
      Duration baseDelay,
      Duration maxDelay,
      Duration maxRetryAfter) {

    public static final Retry DEFAULT =
        new Retry(
            8,
            Duration.ofMinutes(10),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5));

    public Retry {
      require(maxAttempts > 0, "maxAttempts must be above 0");
    }
  }

  /**
   * When the conversation is replaced by a summary.
   *
   * @param share of the window that a call may fill before the next one is preceded by a summary
   * @param windows tokens, by exact model id
   * @param defaultWindow tokens, of every other model
   */
  public record Compaction(double share, Map<String, Long> windows, long defaultWindow) {

    /** The windows that the vendor's model pages state; all others count as 200,000. */
    public static final Compaction DEFAULT =
        new Compaction(
            0.8,
            Map.of(
                "claude-fable-5-1", 1_000_000L,
                "claude-opus-5-5", 1_000_000L,
                "claude-opus-5", 1_000_000L,
                "claude-sonnet-5-5", 1_000_000L,
                "claude-sonnet-5", 1_000_000L,
                "claude-haiku-5-5", 1_000_000L),
            200_000);

    public Compaction {
      require(share > 0 && share <= 1, "share must be above 0 and at most 1");
      require(defaultWindow > 0, "defaultWindow must be above 0");
      windows = Map.copyOf(windows);
    }

    long window(String model) {
      return windows.getOrDefault(model, defaultWindow);
    }

    /** The size in tokens from which on a conversation is too long. */
    long limit(String model) {
      return (long) (share * window(model));
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
