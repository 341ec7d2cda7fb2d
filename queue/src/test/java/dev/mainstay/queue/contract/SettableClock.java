package dev.mainstay.queue.contract;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/** Stands still until it is told to go on. */
public final class SettableClock implements InstantSource {
  private Consumer<Duration> advanced = duration -> {};
  private volatile Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  @Override
  public Instant instant() {
    return now;
  }

  public synchronized void advance(Duration duration) {
    now = now.plus(duration);
    advanced.accept(duration);
  }

  /**
   * For a store that keeps some times by a clock of its own, which is to be turned with this one.
   */
  public synchronized void onAdvance(Consumer<Duration> then) {
    advanced = then;
  }
}
