package dev.mainstay.server.platform;

import java.util.function.Consumer;

/**
 * Short messages between the processes on one database. They are not stored, and may get lost: what
 * must not be missed is in the database, and a message says only that it is worth a look.
 */
public interface Broadcast extends AutoCloseable {

  /** For a database with one process. */
  Broadcast NONE =
      new Broadcast() {
        @Override
        public boolean send(String topic, String text) {
          return false;
        }

        @Override
        public void listen(String topic, Consumer<String> heard) {}

        @Override
        public void whenLost(Runnable action) {}

        @Override
        public boolean hasPeers() {
          return false;
        }

        @Override
        public void close() {}
      };

  /**
   * Tells the other processes; returns at once.
   *
   * @param topic a word
   * @return false if it is not sent: it is too long, or too many wait
   */
  boolean send(String topic, String text);

  /** Calls {@code heard}, which must be quick, for each message of others; one for each topic. */
  void listen(String topic, Consumer<String> heard);

  /** Calls {@code action}, which must be quick, whenever messages may have been lost. */
  void whenLost(Runnable action);

  /** True if another process has been heard of lately, for messages that only waste without one. */
  boolean hasPeers();

  @Override
  void close();

  /** The one that fits the database. */
  static Broadcast open(Database database, String node) {
    return switch (database) {
      case SqliteDatabase sqlite -> NONE;
      case PostgresDatabase postgres -> new PostgresBroadcast(postgres, node);
    };
  }
}
