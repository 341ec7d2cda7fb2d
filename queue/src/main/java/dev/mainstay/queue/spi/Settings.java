package dev.mainstay.queue.spi;

import java.util.OptionalInt;

/**
 * What holds for a queue as a whole.
 *
 * @param paused no job is taken
 * @param concurrency active jobs over all workers, at least 1
 */
public record Settings(boolean paused, OptionalInt concurrency) {

  public static final Settings DEFAULT = new Settings(false, OptionalInt.empty());

  public Settings withPaused(boolean value) {
    return new Settings(value, concurrency);
  }

  public Settings withConcurrency(OptionalInt value) {
    return new Settings(paused, value);
  }
}
