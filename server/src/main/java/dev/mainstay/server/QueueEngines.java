package dev.mainstay.server;

import dev.mainstay.queue.FlowProducer;
import dev.mainstay.queue.TransactionalTaskQueue;
import dev.mainstay.queue.Transactions;
import dev.mainstay.queue.sql.Dialect;
import dev.mainstay.queue.sql.Signals;
import dev.mainstay.queue.sql.SqlFlowProducer;
import dev.mainstay.queue.sql.SqlTaskQueue;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.DatabaseTransactions;
import dev.mainstay.server.platform.PostgresDatabase;
import dev.mainstay.server.platform.QueueEngine;
import dev.mainstay.server.platform.SettingException;
import dev.mainstay.server.platform.SqliteDatabase;
import java.time.InstantSource;
import java.util.function.Function;

/** Makes queues by their names, on the engine that {@code MAINSTAY_QUEUE} names. */
public final class QueueEngines implements AutoCloseable {
  private final Function<String, TransactionalTaskQueue> queues;
  private final FlowProducer flows;
  private final Runnable close;

  private QueueEngines(
      Function<String, TransactionalTaskQueue> queues, FlowProducer flows, Runnable close) {
    this.queues = queues;
    this.flows = flows;
    this.close = close;
  }

  /**
   * @param alone false if other processes may add jobs to a SQLite file too, so that workers of
   *     this one have to watch it
   * @throws SettingException if this version has no such engine
   */
  public static QueueEngines open(
      QueueEngine engine, Database database, InstantSource clock, boolean alone) {
    if (engine == QueueEngine.REDIS) {
      throw new SettingException(
          "MAINSTAY_QUEUE is \"redis\", but this version keeps jobs in SQLite or PostgreSQL only");
    }
    return switch (database) {
      case SqliteDatabase sqlite ->
          sql(
              sqlite,
              clock,
              Dialect.sqlite(),
              alone ? Signals.NONE : Signals.sqlite(sqlite::watcher));
      case PostgresDatabase postgres ->
          sql(postgres, clock, Dialect.postgres(), Signals.postgres(postgres::session));
    };
  }

  private static QueueEngines sql(
      Database database, InstantSource clock, Dialect dialect, Signals signals) {
    Transactions transactions = new DatabaseTransactions(database);
    return new QueueEngines(
        name -> new SqlTaskQueue(name, transactions, clock, dialect, signals),
        new SqlFlowProducer(transactions, clock, dialect, signals),
        signals::close);
  }

  public TransactionalTaskQueue queue(String name) {
    return queues.apply(name);
  }

  /** Adds jobs that depend on each other, in any of these queues. */
  public FlowProducer flows() {
    return flows;
  }

  @Override
  public void close() {
    close.run();
  }
}
