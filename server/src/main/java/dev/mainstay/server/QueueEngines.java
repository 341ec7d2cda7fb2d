package dev.mainstay.server;

import dev.mainstay.queue.TransactionalFlowProducer;
import dev.mainstay.queue.TransactionalTaskQueue;
import dev.mainstay.queue.Transactions;
import dev.mainstay.queue.redis.RedisConnections;
import dev.mainstay.queue.redis.RedisFlowProducer;
import dev.mainstay.queue.redis.RedisOptions;
import dev.mainstay.queue.redis.RedisQueues;
import dev.mainstay.queue.redis.RedisTaskQueue;
import dev.mainstay.queue.spi.FlowStore;
import dev.mainstay.queue.sql.Dialect;
import dev.mainstay.queue.sql.Outbox;
import dev.mainstay.queue.sql.OutboxFlowProducer;
import dev.mainstay.queue.sql.OutboxTaskQueue;
import dev.mainstay.queue.sql.Signals;
import dev.mainstay.queue.sql.SqlFlowProducer;
import dev.mainstay.queue.sql.SqlTaskQueue;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.DatabaseTransactions;
import dev.mainstay.server.platform.PostgresDatabase;
import dev.mainstay.server.platform.QueueEngine;
import dev.mainstay.server.platform.ServerConfig;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.SettingException;
import dev.mainstay.server.platform.SqliteDatabase;
import dev.mainstay.server.queue.ExistingQueues;
import dev.mainstay.server.queue.QueueNaming;
import dev.mainstay.server.queue.QueueNamings;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes queues by their names, on the engine that {@code MAINSTAY_QUEUE} names. */
public final class QueueEngines implements AutoCloseable {
  /** A request is answered that Redis is away, rather than kept waiting. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  static final String AGENT = "agent";
  static final String BULK_ACTIONS = "bulk-actions";

  /** The server's own queues. */
  static final List<String> OWN = List.of(AGENT, BULK_ACTIONS);

  private final Function<String, TransactionalTaskQueue> queues;
  private final TransactionalFlowProducer flows;
  private final Optional<ExistingQueues> existing;
  private final Runnable close;

  private QueueEngines(
      Function<String, TransactionalTaskQueue> queues,
      TransactionalFlowProducer flows,
      Optional<ExistingQueues> existing,
      Runnable close) {
    this.queues = queues;
    this.flows = flows;
    this.existing = existing;
    this.close = close;
  }

  /**
   * @param owner the organization whose queues have plain names in Redis if nothing is said
   * @param alone false if other processes may add jobs to a SQLite file too, so that workers of
   *     this one have to watch it
   * @throws SettingException if Redis cannot be reached
   */
  public static QueueEngines open(
      ServerConfig config, Database database, InstantSource clock, String owner, boolean alone) {
    if (config.queue() == QueueEngine.REDIS) {
      return redis(
          config,
          database,
          clock,
          new QueueNamings(database).current(config.queueOrganization(), owner));
    }
    return switch (database) {
      case SqliteDatabase sqlite ->
          sql(
              sqlite,
              clock,
              Dialect.sqlite(),
              alone ? Signals.LOCAL : Signals.sqlite(sqlite::watcher));
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
        Optional.empty(),
        signals::close);
  }

  static RedisConnections connect(ServerConfig config) {
    try {
      return RedisConnections.open(config.redisUrl().orElseThrow().reveal(), PATIENCE);
    } catch (IllegalArgumentException e) {
      // What it says may hold the password.
      throw new SettingException(
          "%s is not of the form redis://[user:password@]host[:port][/database]"
              .formatted(Setting.REDIS_URL.variable()));
    } catch (RedisException e) {
      throw new SettingException(
          "%s names a Redis that cannot be reached, or does not let this server in"
              .formatted(Setting.REDIS_URL.variable()));
    }
  }

  /** Jobs that belong to rows go there through an outbox in the database. */
  static QueueEngines redis(
      ServerConfig config, Database database, InstantSource clock, QueueNaming naming) {
    RedisConnections connections = connect(config);
    RedisOptions options = RedisOptions.DEFAULT.withPrefix(config.redisPrefix()).withNames(naming);
    Dialect dialect =
        switch (database) {
          case SqliteDatabase sqlite -> Dialect.sqlite();
          case PostgresDatabase postgres -> Dialect.postgres();
        };
    FlowStore flows = RedisFlowProducer.store(connections, options);
    Outbox outbox =
        new Outbox(
            new DatabaseTransactions(database),
            dialect,
            clock,
            name -> new RedisTaskQueue(name, connections, clock, options),
            flows);
    return new QueueEngines(
        name ->
            new OutboxTaskQueue(RedisTaskQueue.store(name, connections, options), outbox, clock),
        new OutboxFlowProducer(flows, outbox, clock),
        naming
            .organization()
            .map(
                organization ->
                    new ExistingQueues(
                        organization, new RedisQueues(connections, config.redisPrefix()))),
        () -> {
          outbox.close();
          connections.close();
        });
  }

  public TransactionalTaskQueue queue(String name) {
    return queues.apply(name);
  }

  /** Queues that other programs may have made there. */
  public Optional<ExistingQueues> existing() {
    return existing;
  }

  /** Adds jobs that depend on each other, in any of these queues. */
  public TransactionalFlowProducer flows() {
    return flows;
  }

  @Override
  public void close() {
    close.run();
  }
}
