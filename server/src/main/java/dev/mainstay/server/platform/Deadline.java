package dev.mainstay.server.platform;

import java.time.Duration;

/**
 * Until when something is waited for, whatever it is made of.
 *
 * @param nanos by {@code System.nanoTime}
 */
public record Deadline(long nanos) {

  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  public boolean isOver() {
    return System.nanoTime() - nanos >= 0;
  }
}
