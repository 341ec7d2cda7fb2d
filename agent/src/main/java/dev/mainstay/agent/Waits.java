package dev.mainstay.agent;

import java.time.Duration;

/** How waiting is done; tests pass one that only notes it. */
@FunctionalInterface
public interface Waits {

  Waits SLEEPING = Thread::sleep;

  void await(Duration duration) throws InterruptedException;
}
