package dev.mainstay.queue.sql;

import dev.mainstay.queue.Transactions;
import dev.mainstay.queue.spi.Subscription;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Write transactions with their effects, tried again if they come in each other's way. */
final class Writes {
  private static final int MAX_TRIES = 200;
  private static final Signals HAPPENINGS = new LocalSignals();
  private static final Duration RETRY = Duration.ofMillis(5);

  private final Transactions transactions;
  private final Signals signals;
  private final EventTable events;
  private final boolean storing;

  /**
   * @param storing false if no events are to be stored
   */
  Writes(Transactions transactions, Signals signals, EventTable events, boolean storing) {
    this.transactions = transactions;
    this.signals = signals;
    this.events = events;
    this.storing = storing;
  }

  /** A piece of work in a transaction. */
  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection, Effects effects) throws SQLException;
  }

  <T> T run(Instant now, Work<T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return once(now, work);
      } catch (ConflictException e) {
        if (tries == MAX_TRIES) {
          throw e;
        }
        LockSupport.parkNanos(RETRY.toNanos());
      }
    }
  }

  /**
   * Runs one statement that also stores what it has done, if events are stored.
   *
   * @return empty if they are not, or if {@code work} has changed nothing
   */
  <T> Optional<T> one(String queue, Transactions.Work<Optional<T>> work) {
    if (!storing) {
      return Optional.empty();
    }
    Optional<T> result = transactions.writeOne(work);
    if (result.isPresent()) {
      HAPPENINGS.send(queue);
    }
    return result;
  }

  private <T> T once(Instant now, Work<T> work) {
    AtomicReference<Effects> committed = new AtomicReference<>(new Effects(storing));
    T result =
        transactions.write(
            connection -> {
              // A transaction that is run again has had no effects before.
              Effects effects = new Effects(storing);
              committed.set(effects);
              return within(connection, effects, now, work);
            });
    Effects effects = Objects.requireNonNull(committed.get());
    effects.woken().forEach(signals::send);
    effects.happened().keySet().forEach(HAPPENINGS::send);
    return result;
  }

  /** As part of the caller's transaction; nobody is told. */
  <T> T within(Connection connection, Instant now, Work<T> work) throws SQLException {
    return within(connection, new Effects(storing), now, work);
  }

  private <T> T within(Connection connection, Effects effects, Instant now, Work<T> work)
      throws SQLException {
    T result = work.run(connection, effects);
    events.write(connection, effects, now);
    return result;
  }

  /** Calls {@code heard} after events of a queue that this process has stored. */
  static Subscription listen(String queue, Runnable heard) {
    return HAPPENINGS.listen(queue, heard);
  }
}
