package dev.mainstay.server.platform.http;

import dev.mainstay.server.platform.Problem;
import dev.mainstay.server.platform.ProblemException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what stays open, streams of events, WebSockets and what they follow, and refuses more than
 * a caller, or the server, may have: each takes memory for as long as its reader likes.
 */
public final class OpenStreams {
  /** Others go away, and are noticed by the next heartbeat. */
  private static final long RETRY_SECONDS = 15;

  private final StreamLimits limits;
  private final Map<Bound, LongAdder> refused = new EnumMap<>(Bound.class);
  // Guarded by itself, as is open.
  private final Map<Key, Integer> counts = new HashMap<>();
  private int open;

  /** Whose number of streams is bounded. */
  public enum Bound {
    CREDENTIAL("This session or key has"),
    PERSON("The sessions and keys of this person have"),
    ORGANIZATION("This organization has"),
    SERVER("The server has");

    private final String subject;

    Bound(String subject) {
      this.subject = subject;
    }

    /** As metrics have it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private record Key(Bound bound, String id) {}

  /** One of the streams that may be open; idempotently given back. */
  public final class Place implements AutoCloseable {
    private final Map<Key, Integer> taken;
    private final AtomicBoolean back = new AtomicBoolean();

    private Place(Map<Key, Integer> taken) {
      this.taken = taken;
    }

    @Override
    public void close() {
      if (back.compareAndSet(false, true)) {
        giveBack(taken.keySet());
      }
    }
  }

  public OpenStreams(StreamLimits limits) {
    this.limits = limits;
    for (Bound bound : Bound.values()) {
      refused.put(bound, new LongAdder());
    }
  }

  /**
   * @param principal null for a stream that needs no credential
   * @throws ProblemException 429 if there are too many
   */
  public Place take(@Nullable Principal principal) {
    Map<Key, Integer> wanted = wanted(principal);
    synchronized (counts) {
      for (Map.Entry<Key, Integer> one : wanted.entrySet()) {
        if (counts.getOrDefault(one.getKey(), 0) >= one.getValue()) {
          throw refusal(one.getKey().bound(), one.getValue());
        }
      }
      if (open >= limits.server()) {
        throw refusal(Bound.SERVER, limits.server());
      }
      open++;
      wanted.keySet().forEach(key -> counts.merge(key, 1, Integer::sum));
    }
    return new Place(wanted);
  }

  /** What is counted, and the most of each. */
  private Map<Key, Integer> wanted(@Nullable Principal principal) {
    Map<Key, Integer> wanted = new LinkedHashMap<>();
    if (principal != null) {
      wanted.put(new Key(Bound.CREDENTIAL, principal.credentialId()), limits.credential());
      // A key that an organization owns is nobody's.
      if (!principal.userId().isEmpty()) {
        wanted.put(
            new Key(Bound.PERSON, principal.userId()),
            Math.multiplyExact(StreamLimits.PERSON, limits.credential()));
      }
      wanted.put(new Key(Bound.ORGANIZATION, principal.organizationId()), limits.organization());
    }
    return wanted;
  }

  private ProblemException refusal(Bound bound, int most) {
    LongAdder counter = refused.get(bound);
    if (counter != null) {
      counter.increment();
    }
    return new ProblemException(
        new Problem(
            "too-many-streams",
            "Too many open streams",
            429,
            "%s %d streams open, and may not have more; close some, or try again in %d seconds"
                .formatted(bound.subject, most, RETRY_SECONDS),
            List.of(),
            RETRY_SECONDS));
  }

  private void giveBack(Iterable<Key> keys) {
    synchronized (counts) {
      open--;
      keys.forEach(key -> counts.computeIfPresent(key, (same, n) -> n == 1 ? null : n - 1));
    }
  }

  /** How many are open. */
  public int count() {
    synchronized (counts) {
      return open;
    }
  }

  /** How many may be open. */
  public int most() {
    return limits.server();
  }

  /** How many were refused since the start. */
  public long refused(Bound bound) {
    LongAdder counter = refused.get(bound);
    return counter == null ? 0 : counter.sum();
  }
}
