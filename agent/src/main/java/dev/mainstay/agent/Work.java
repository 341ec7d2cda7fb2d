package dev.mainstay.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocking work on virtual threads, begun and collected by one thread that can give it up. Nothing
 * that was begun outlives {@link #close}, but for work that ignores its interrupt.
 */
final class Work<T> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Work.class);

  /** How long interrupted work is waited for; after that it is left behind, with a warning. */
  private static final Duration GRACE = Duration.ofSeconds(15);

  private final List<Thread> threads = new ArrayList<>();
  private final BlockingQueue<Done<T>> done = new LinkedBlockingQueue<>();

  /**
   * One piece that ended.
   *
   * @param value null if it failed
   * @param failure null if it did not
   */
  record Done<T>(String key, @Nullable T value, @Nullable Throwable failure) {}

  void begin(String key, Callable<T> piece) {
    threads.add(Thread.ofVirtual().name("work-" + key).start(() -> done.add(run(key, piece))));
  }

  // Whatever a piece throws belongs to the thread that collects it.
  private static <T> Done<T> run(String key, Callable<T> piece) {
    try {
      return new Done<>(key, piece.call(), null);
    } catch (Throwable e) {
      return new Done<>(key, null, e);
    }
  }

  /** The next piece that ended; empty if none did in time. */
  Optional<Done<T>> next(Duration atMost) throws InterruptedException {
    return Optional.ofNullable(done.poll(atMost.toNanos(), TimeUnit.NANOSECONDS));
  }

  /** Interrupts all that runs, waits for it, and returns what had ended by then. */
  List<Done<T>> giveUp() {
    close();
    List<Done<T>> ended = new ArrayList<>();
    done.drainTo(ended);
    return ended;
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    long end = System.nanoTime() + GRACE.toNanos();
    boolean interrupted = false;
    for (Thread thread : threads) {
      long left = end - System.nanoTime();
      while (thread.isAlive() && left > 0) {
        try {
          boolean unused = thread.join(Duration.ofNanos(left));
        } catch (InterruptedException e) {
          interrupted = true;
        }
        left = end - System.nanoTime();
      }
      if (thread.isAlive()) {
        log.warn("{} ignores its interrupt and is left behind", thread.getName());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
