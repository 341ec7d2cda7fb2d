package dev.mainstay.agent;

/**
 * Tokens of one model call, or the sum of several. The four kinds are disjoint, as the Messages API
 * reports them: {@code inputTokens} excludes what was read from or written to the prompt cache.
 */
public record Usage(
    long inputTokens, long outputTokens, long cacheReadTokens, long cacheWriteTokens) {

  public static final Usage NONE = new Usage(0, 0, 0, 0);

  public Usage plus(Usage other) {
    return new Usage(
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        cacheReadTokens + other.cacheReadTokens,
        cacheWriteTokens + other.cacheWriteTokens);
  }

  /** All tokens, of every kind: what a token limit counts. */
  public long total() {
    return inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
  }
}
