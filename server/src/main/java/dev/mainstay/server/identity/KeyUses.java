package dev.mainstay.server.identity;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the requests that keys make. Rates are counted in each process, since they would cost a
 * write per request else; what a key has left is counted in the database, exactly.
 */
final class KeyUses {
  /** The last use of a key is written at most this often. */
  private static final Duration TOUCH_INTERVAL = Duration.ofMinutes(1);

  private static final int MAX_TOUCHED = 10_000;

  private final Database database;
  private final InstantSource clock;
  private final KeyCredentialStore store;
  private final RateLimit rates;
  private final Map<String, Instant> touched = new ConcurrentHashMap<>();

  KeyUses(Database database, InstantSource clock, KeyCredentialStore store) {
    this.database = database;
    this.clock = clock;
    this.store = store;
    this.rates = RateLimit.none(clock);
  }

  /**
   * Counts a request.
   *
   * @return false if the key has none left
   * @throws dev.mainstay.server.platform.ProblemException 429, if it makes them too fast
   */
  boolean take(KeyInUse key) {
    KeyLimits limits = key.limits();
    Long max = limits.rateLimitMax();
    Long window = limits.rateLimitTimeWindow();
    if (limits.rateLimitEnabled() && max != null && window != null) {
      rates.take(key.countedId(), max, Duration.ofMillis(window));
    }
    if (limits.remaining() != null && !spend(key)) {
      return false;
    }
    touch(key.credential().id());
    return true;
  }

  private boolean spend(KeyInUse key) {
    Instant now = clock.instant();
    Instant refillAt = key.refillAt();
    boolean refills = refillAt != null && !refillAt.isAfter(now);
    if (!refills && Long.valueOf(0).equals(key.limits().remaining())) {
      return false; // and nothing is written, however often it is tried
    }
    return database.write(
        tx -> {
          if (refills) {
            refill(tx, key, now);
          }
          return store.spend(tx, key.countedId());
        });
  }

  private void refill(Tx tx, KeyInUse key, Instant now) {
    Long amount = key.limits().refillAmount();
    Long interval = key.limits().refillInterval();
    if (amount != null && interval != null) {
      store.refill(tx, key.countedId(), amount, now, now.plusMillis(interval));
    }
  }

  /** Requests in the window that runs, as far as this process has counted them. */
  long count(ApiKey key) {
    return key.limits().rateLimitEnabled() ? rates.count(key.id()) : 0;
  }

  private void touch(String keyId) {
    Instant now = clock.instant();
    Instant last = touched.get(keyId);
    if (last != null && now.isBefore(last.plus(TOUCH_INTERVAL))) {
      return;
    }
    if (touched.size() >= MAX_TOUCHED) {
      touched.clear();
    }
    touched.put(keyId, now);
    database.execute(tx -> store.touch(tx, keyId, now));
  }
}
