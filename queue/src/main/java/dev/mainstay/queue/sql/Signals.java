package dev.mainstay.queue.sql;

import dev.mainstay.queue.spi.Subscription;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * How processes on one database tell each other that a queue may have something to do. One object
 * serves all queues of a process. A signal may get lost, with a connection for example; then
 * workers find what is there at their next poll.
 */
public interface Signals extends AutoCloseable {

  /** For a database with one process: reaches the queues of this process. */
  Signals LOCAL = new LocalSignals();

  /** Where connections come from; {@code DataSource::getConnection} is one. */
  @FunctionalInterface
  interface Connections {
    Connection open() throws SQLException;
  }

  /**
   * Watches a SQLite file: asks every five milliseconds, on one connection, whether another one has
   * committed, as long as a worker listens.
   */
  static Signals sqlite(Connections connections) {
    return new SqliteSignals(connections);
  }

  /**
   * {@code NOTIFY} and {@code LISTEN} on the channel {@code mainstay_queue}, with one connection
   * for each as soon as it is used. They are outside the transactions that change jobs: a
   * transaction that notifies makes all others that do wait for its commit.
   */
  static Signals postgres(Connections connections) {
    return new PostgresSignals(connections);
  }

  /** Tells all processes, this one included; returns at once. */
  void send(String queue);

  /** Calls {@code heard} after each signal, and whenever one may have been lost. */
  Subscription listen(String queue, Runnable heard);

  /** Ends all subscriptions and gives the connections back. */
  @Override
  void close();
}
