package dev.mainstay.agent.model;

import dev.mainstay.agent.Usage;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model call that brought no whole message. Its message never holds a key or a header. */
public final class ModelException extends Exception {
  /** What to do about it. */
  public enum Kind {
    /** Overloaded, rate limited, cut, stalled, garbled: the same call may succeed. */
    RETRYABLE,
    /** The request is longer than the model's window: compact, then call again. */
    CONTEXT_OVERFLOW,
    /** Wrong key, unknown model, invalid request: calling again brings the same answer. */
    PERMANENT
  }

  private final Kind kind;
  private final transient Usage usage;
  private final transient Optional<Duration> retryAfter;

  public ModelException(
      Kind kind,
      String message,
      Usage usage,
      Optional<Duration> retryAfter,
      @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.usage = usage;
    this.retryAfter = retryAfter;
  }

  public Kind kind() {
    return kind;
  }

  /** What the call cost up to its end, as far as the stream told. */
  public Usage usage() {
    return usage;
  }

  /** How long the server asked to wait. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
