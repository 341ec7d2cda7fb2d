package dev.mainstay.server.platform;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds reads that look at much: searches for text, filters that no index serves. So many run at a
 * time, one of each organization, that most of the readers stay free for reads that look at little.
 * The others wait a moment, in their order, and are refused then.
 */
public final class Searches {
  private static final Duration WAIT = Duration.ofSeconds(2);

  /** Those of one organization that wait; more are refused at once. */
  private static final int MAX_WAITING = 16;

  private static final long RETRY_SECONDS = 2;

  private final Semaphore running;
  private final ConcurrentHashMap<String, Lane> lanes = new ConcurrentHashMap<>();

  /** Those of one organization; there is one as long as somebody is in it. */
  private static final class Lane {
    private final Semaphore turn = new Semaphore(1, true);
    private final AtomicInteger inside = new AtomicInteger();
  }

  /**
   * @param atOnce how many run at a time
   */
  Searches(int atOnce) {
    this.running = new Semaphore(atOnce, true);
  }

  /**
   * @throws ProblemException 429 if the organization has too many of them, 503 if all have
   */
  <T extends @Nullable Object> T run(String organizationId, Supplier<T> search) {
    Lane lane =
        lanes.compute(
            organizationId,
            (id, present) -> {
              Lane one = present == null ? new Lane() : present;
              one.inside.incrementAndGet();
              return one;
            });
    try {
      if (lane.inside.get() > MAX_WAITING + 1 || !within(lane.turn)) {
        throw ProblemException.tooMany(RETRY_SECONDS);
      }
      try {
        return run(search);
      } finally {
        lane.turn.release();
      }
    } finally {
      lanes.computeIfPresent(
          organizationId, (id, one) -> one.inside.decrementAndGet() == 0 ? null : one);
    }
  }

  private <T extends @Nullable Object> T run(Supplier<T> search) {
    if (!within(running)) {
      throw busy("Too many searches run now; try again in a moment");
    }
    try {
      return search.get();
    } finally {
      running.release();
    }
  }

  private static boolean within(Semaphore permits) {
    try {
      return permits.tryAcquire(WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The search has come to its time limit. */
  static ProblemException tooLong(Duration limit) {
    return busy(
        "The search took longer than %d s; search for less, or try again later"
            .formatted(limit.toSeconds()));
  }

  private static ProblemException busy(String detail) {
    return new ProblemException(
        new Problem("search-busy", "Searching is busy", 503, detail, List.of(), RETRY_SECONDS));
  }
}
