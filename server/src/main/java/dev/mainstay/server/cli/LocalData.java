package dev.mainstay.server.cli;

import dev.mainstay.queue.Transactions;
import dev.mainstay.queue.sql.Dialect;
import dev.mainstay.queue.sql.Signals;
import dev.mainstay.queue.sql.SqlFlowProducer;
import dev.mainstay.queue.sql.SqlTaskQueue;
import dev.mainstay.server.identity.Identity;
import dev.mainstay.server.platform.DataDirectory;
import dev.mainstay.server.platform.DatabaseTransactions;
import dev.mainstay.server.platform.ServerConfig;
import dev.mainstay.server.platform.Settings;
import dev.mainstay.server.platform.SqliteDatabase;
import dev.mainstay.server.queue.QueueName;
import dev.mainstay.server.queue.Queues;
import java.time.Clock;

/** The data directory as commands use it that work beside a running server. */
final class LocalData implements AutoCloseable {
  private final SqliteDatabase database;
  private final Signals signals;
  private final Identity identity;
  private final Queues queues;

  private LocalData(SqliteDatabase database) {
    Clock clock = Clock.systemUTC();
    this.database = database;
    this.signals = Signals.sqlite(database::watcher);
    this.identity = new Identity(database, clock);
    Transactions transactions = new DatabaseTransactions(database);
    this.queues =
        new Queues(
            database,
            clock,
            name -> new SqlTaskQueue(name, transactions, clock, Dialect.sqlite(), signals),
            new SqlFlowProducer(transactions, clock, Dialect.sqlite(), signals));
  }

  /** Opens it, and makes it and its owner if there is none. */
  static LocalData open(Settings settings) {
    ServerConfig config = ServerConfig.from(settings);
    DataDirectory.create(config.data());
    LocalData data =
        new LocalData(
            SqliteDatabase.open(DataDirectory.databaseFile(config.data()), config.durability()));
    data.identity.ensureOwner();
    return data;
  }

  Identity identity() {
    return identity;
  }

  Queues queues() {
    return queues;
  }

  /** A queue of the owner's organization. */
  QueueName queue(String name) {
    return new QueueName(identity.ownerOrganization(), name);
  }

  @Override
  public void close() {
    signals.close();
    database.close();
  }
}
