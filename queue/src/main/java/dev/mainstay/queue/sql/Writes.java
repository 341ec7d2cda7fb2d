package dev.mainstay.queue.sql;

import dev.mainstay.queue.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Write transactions with their effects, tried again if they come in each other's way. */
final class Writes {
  private static final int MAX_TRIES = 200;
  private static final Duration RETRY = Duration.ofMillis(5);

  private final Transactions transactions;
  private final Signals signals;

  Writes(Transactions transactions, Signals signals) {
    this.transactions = transactions;
    this.signals = signals;
  }

  /** A piece of work in a transaction. */
  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection, Effects effects) throws SQLException;
  }

  <T> T run(Work<T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return once(work);
      } catch (ConflictException e) {
        if (tries == MAX_TRIES) {
          throw e;
        }
        LockSupport.parkNanos(RETRY.toNanos());
      }
    }
  }

  private <T> T once(Work<T> work) {
    Effects effects = new Effects();
    T result = transactions.write(connection -> work.run(connection, effects));
    effects.woken().forEach(signals::send);
    return result;
  }
}
