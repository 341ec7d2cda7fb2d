package dev.mainstay.queue.sql;

import dev.mainstay.queue.spi.Subscription;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** {@code PRAGMA data_version} changes on a connection when another one has committed. */
final class SqliteSignals implements Signals {
  private static final Duration INTERVAL = Duration.ofMillis(5);

  /** How long nobody needs to listen until the connection is given back. */
  private static final Duration IDLE = Duration.ofSeconds(1);

  private final Listeners listeners = new Listeners();
  private final SignalThread watch;

  SqliteSignals(Connections connections) {
    watch = new SignalThread("queue, changes of the file", connections, this::watch);
  }

  private void watch(Connection connection) throws SQLException, InterruptedException {
    try (PreparedStatement statement = connection.prepareStatement("pragma data_version")) {
      long known = version(statement);
      listeners.tellAll();
      while (!watch.closed()) {
        Thread.sleep(listeners.isEmpty() ? IDLE : INTERVAL);
        long version = version(statement);
        if (version != known) {
          known = version;
          listeners.tellAll();
        }
      }
    }
  }

  private static long version(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** A commit is the signal. */
  @Override
  public void send(String queue) {}

  @Override
  public Subscription listen(String queue, Runnable heard) {
    Subscription subscription = listeners.add(queue, heard);
    watch.start();
    return subscription;
  }

  @Override
  public void close() {
    listeners.clear();
    watch.close();
  }
}
