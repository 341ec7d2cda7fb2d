package dev.mainstay.server.platform.http;

import dev.mainstay.server.platform.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** So many calls per window and caller, in fixed windows. Remembers a bounded number of callers. */
public final class RateLimit {
  private static final int MAX_CALLERS = 10_000;

  private final int calls;
  private final Duration window;
  private final InstantSource clock;
  // Guarded by itself. The oldest window goes first when it is full.
  private final Map<String, Count> counts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
          return size() > MAX_CALLERS;
        }
      };

  private record Count(Instant ends, long calls) {}

  /** No limit. */
  public static RateLimit none(InstantSource clock) {
    return new RateLimit(Integer.MAX_VALUE, Duration.ofSeconds(1), clock);
  }

  public RateLimit(int calls, Duration window, InstantSource clock) {
    this.calls = calls;
    this.window = window;
    this.clock = clock;
  }

  /** Counts a call, or ends the request with 429. */
  public void take(String caller) {
    take(caller, calls, window);
  }

  /** As {@link #take(String)}, for a caller with limits of its own. */
  public void take(String caller, long most, Duration every) {
    Instant now = clock.instant();
    synchronized (counts) {
      Count count = counts.get(caller);
      if (count == null || !now.isBefore(count.ends())) {
        counts.remove(caller);
        counts.put(caller, new Count(now.plus(every), 1));
        return;
      }
      if (count.calls() >= most) {
        throw ProblemException.tooMany(Duration.between(now, count.ends()).toSeconds() + 1);
      }
      counts.put(caller, new Count(count.ends(), count.calls() + 1));
    }
  }

  /** The calls in the window that runs. */
  public long count(String caller) {
    Instant now = clock.instant();
    synchronized (counts) {
      Count count = counts.get(caller);
      return count == null || !now.isBefore(count.ends()) ? 0 : count.calls();
    }
  }
}
