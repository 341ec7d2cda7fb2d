package dev.mainstay.server.mail;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Says that there may be mail. Given any number of times, it is taken once. */
final class MailSignal {
  private final Semaphore given = new Semaphore(0);

  void give() {
    given.release();
  }

  /** Waits until it is given, but not longer than this. */
  void await(Duration atMost) throws InterruptedException {
    if (given.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      given.drainPermits();
    }
  }
}
