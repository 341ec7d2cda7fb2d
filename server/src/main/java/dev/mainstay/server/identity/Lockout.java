package dev.mainstay.server.identity;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Shuts a door after ten wrong guesses, for a quarter of an hour, whether there is such a user or
 * not. Passwords and codes by mail count together, by address. A guess counts before it is looked
 * at, so that many at once are no more than many one after another.
 */
final class Lockout {
  private static final int MAX_FAILURES = 10;
  private static final Duration LOCKED = Duration.ofMinutes(15);

  private final Database database;
  private final InstantSource clock;
  private final LockoutStore store = new LockoutStore();

  Lockout(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Counts a guess.
   *
   * @throws ProblemException 429 if there were too many
   */
  void count(String subject) {
    Optional<Long> wait = database.write(tx -> count(tx, Ids.hash(subject)));
    if (wait.isPresent()) {
      throw ProblemException.tooMany(wait.get());
    }
  }

  private Optional<Long> count(Tx tx, String subjectHash) {
    Instant now = clock.instant();
    store.prune(tx, now.minus(LOCKED));
    LockoutStore.Failures before =
        store.lock(tx, subjectHash).orElse(new LockoutStore.Failures(0, now));
    if (before.failures() >= MAX_FAILURES) {
      return Optional.of(Duration.between(now, before.failedAt().plus(LOCKED)).toSeconds() + 1);
    }
    store.set(tx, subjectHash, before.failures() + 1, now);
    return Optional.empty();
  }

  /** The guess was right. */
  void clear(Tx tx, String subject) {
    store.delete(tx, Ids.hash(subject));
  }
}
