package dev.mainstay.queue.sql;

import dev.mainstay.queue.spi.Subscription;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.Set;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** A thread that notifies, for which signals that come meanwhile are one; and one that listens. */
final class PostgresSignals implements Signals {
  private static final String CHANNEL = "mainstay_queue";

  /**
   * A notification is no data: its transaction, which is a commit like any other, need not wait for
   * the disk.
   */
  private static final String NOTIFY =
      "select set_config('synchronous_commit', 'off', true), pg_notify('"
          + CHANNEL
          + "', queue) from unnest(?) queue";

  /** The driver waits so long at most before it can see that it is to stop. */
  private static final int WAIT_MILLIS = 100;

  private final Listeners listeners = new Listeners();
  private final SignalThread sender;
  private final SignalThread receiver;

  /** Queues to notify of; its monitor protects it. */
  private final Set<String> pending = new LinkedHashSet<>();

  PostgresSignals(Connections connections) {
    sender = new SignalThread("queue, notify", connections, this::send);
    receiver = new SignalThread("queue, listen", connections, this::receive);
  }

  @Override
  public void send(String queue) {
    synchronized (pending) {
      pending.add(queue);
      pending.notifyAll();
    }
    sender.start();
  }

  private void send(Connection connection) throws SQLException, InterruptedException {
    try (PreparedStatement statement = connection.prepareStatement(NOTIFY)) {
      while (!sender.closed()) {
        statement.setArray(1, connection.createArrayOf("text", awaitPending()));
        statement.execute();
      }
    }
  }

  private Object[] awaitPending() throws InterruptedException {
    synchronized (pending) {
      while (pending.isEmpty()) {
        pending.wait();
      }
      Object[] queues = pending.toArray();
      pending.clear();
      return queues;
    }
  }

  @Override
  public Subscription listen(String queue, Runnable heard) {
    Subscription subscription = listeners.add(queue, heard);
    receiver.start();
    return subscription;
  }

  private void receive(Connection connection) throws SQLException {
    PGConnection postgres = connection.unwrap(PGConnection.class);
    try (Statement statement = connection.createStatement()) {
      statement.execute("listen " + CHANNEL);
      // What was sent before this is not heard.
      listeners.tellAll();
      while (!receiver.closed()) {
        PGNotification[] notifications = postgres.getNotifications(WAIT_MILLIS);
        if (notifications != null) {
          for (PGNotification notification : notifications) {
            listeners.tell(notification.getParameter());
          }
        }
      }
      // A pool may hand the connection to others.
      statement.execute("unlisten " + CHANNEL);
    }
  }

  @Override
  public void close() {
    listeners.clear();
    sender.close();
    receiver.close();
  }
}
