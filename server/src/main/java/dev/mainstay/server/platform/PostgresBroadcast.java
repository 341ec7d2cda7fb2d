package dev.mainstay.server.platform;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * {@code NOTIFY} and {@code LISTEN}, on a session for each. Messages are sent outside of the
 * transactions that they tell of: a transaction that notifies makes all others that do wait for its
 * commit.
 */
final class PostgresBroadcast implements Broadcast {
  private static final String CHANNEL = "mainstay_nodes";

  /**
   * A message is no data: its transaction, which is a commit like any other, need not wait for the
   * disk.
   */
  private static final String NOTIFY =
      "select set_config('synchronous_commit', 'off', true), pg_notify('"
          + CHANNEL
          + "', message) from unnest(?) message";

  /** PostgreSQL's limit on a payload is 7,999 bytes. */
  private static final int MAX_BYTES = 7_900;

  private static final int MAX_WAITING = 10_000;
  private static final int MAX_BATCH = 500;
  private static final int WAIT_MILLIS = 100;
  private static final long HELLO_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long PEER_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final String HELLO = "hello";

  private final String node;
  private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Map<String, Consumer<String>> listeners = new ConcurrentHashMap<>();
  private final List<Runnable> lost = new CopyOnWriteArrayList<>();

  /** When other nodes were heard of last, by {@code System.nanoTime}. */
  private final Map<String, Long> peers = new ConcurrentHashMap<>();

  private final SessionThread sender;
  private final SessionThread receiver;

  PostgresBroadcast(PostgresDatabase database, String node) {
    this.node = node;
    this.sender = new SessionThread("nodes, notify", database, this::send);
    this.receiver = new SessionThread("nodes, listen", database, this::receive);
    sender.start();
    receiver.start();
  }

  @Override
  public boolean send(String topic, String text) {
    String message = node + " " + topic + " " + text;
    return message.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES && waiting.offer(message);
  }

  private void send(Connection session) throws SQLException, InterruptedException {
    List<String> batch = new ArrayList<>();
    long nextHello = System.nanoTime() + HELLO_NANOS;
    try (PreparedStatement statement = session.prepareStatement(NOTIFY)) {
      while (!sender.closed()) {
        String first = waiting.poll(nextHello - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (first != null) {
          batch.add(first);
          waiting.drainTo(batch, MAX_BATCH - 1);
        }
        if (System.nanoTime() - nextHello >= 0) {
          batch.add(hello());
          nextHello = System.nanoTime() + HELLO_NANOS;
        }
        if (batch.isEmpty()) {
          continue;
        }
        statement.setArray(1, session.createArrayOf("text", batch.toArray()));
        statement.execute();
        batch.clear();
      }
    }
  }

  private void receive(Connection session) throws SQLException {
    PGConnection postgres = session.unwrap(PGConnection.class);
    try (Statement statement = session.createStatement()) {
      statement.execute("listen " + CHANNEL);
      // What was sent before this is not heard; the answers to this are.
      boolean unused = waiting.offer(hello());
      lost.forEach(Runnable::run);
      while (!receiver.closed()) {
        PGNotification[] notifications = postgres.getNotifications(WAIT_MILLIS);
        if (notifications != null) {
          for (PGNotification notification : notifications) {
            hear(notification.getParameter());
          }
        }
      }
    }
  }

  private void hear(String message) {
    String[] parts = message.split(" ", 3);
    if (parts.length < 3 || parts[0].equals(node)) {
      return;
    }
    boolean news = peers.put(parts[0], System.nanoTime()) == null;
    if (news) {
      // So that it knows of this one before the next round.
      boolean unused = waiting.offer(hello());
    }
    Consumer<String> listener = listeners.get(parts[1]);
    if (listener != null) {
      listener.accept(parts[2]);
    }
  }

  private String hello() {
    return node + " " + HELLO + " ";
  }

  @Override
  public void listen(String topic, Consumer<String> heard) {
    listeners.put(topic, heard);
  }

  @Override
  public void whenLost(Runnable action) {
    lost.add(action);
  }

  @Override
  public boolean hasPeers() {
    long now = System.nanoTime();
    peers.values().removeIf(heard -> now - heard > PEER_NANOS);
    return !peers.isEmpty();
  }

  @Override
  public void close() {
    sender.close();
    receiver.close();
  }
}
