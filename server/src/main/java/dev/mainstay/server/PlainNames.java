package dev.mainstay.server;

import dev.mainstay.queue.Transactions;
import dev.mainstay.queue.redis.RedisConnections;
import dev.mainstay.queue.redis.RedisQueues;
import dev.mainstay.queue.sql.Outbox;
import dev.mainstay.server.identity.Identity;
import dev.mainstay.server.platform.DataDirectory;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.DatabaseTransactions;
import dev.mainstay.server.platform.Databases;
import dev.mainstay.server.platform.NodeId;
import dev.mainstay.server.platform.QueueEngine;
import dev.mainstay.server.platform.ServerConfig;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.SettingException;
import dev.mainstay.server.platform.Settings;
import dev.mainstay.server.queue.QueueNamings;
import java.time.Clock;
import java.time.Duration;

/** Gives the queues of one organization plain names in Redis, while no server runs. */
public final class PlainNames {
  private static final Duration SETTLE = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(20);

  private PlainNames() {}

  /**
   * Does it, or goes on with it.
   *
   * @return how many queues have other names now
   * @throws SettingException the queues are not in Redis, or a server runs on this data directory
   * @throws IllegalStateException something is in the way, in one sentence
   */
  public static int use(Settings settings) throws InterruptedException {
    ServerConfig config = ServerConfig.from(settings);
    if (config.queue() != QueueEngine.REDIS) {
      throw new SettingException(
          "%s is not redis: only there do names of queues differ"
              .formatted(Setting.QUEUE.variable()));
    }
    try (DataDirectory unused = DataDirectory.open(config.data());
        Database database = Databases.open(config, NodeId.COMMAND)) {
      if (NodeId.othersRun(database)) {
        throw new IllegalStateException("Servers run on this database; stop them all first");
      }
      Clock clock = Clock.systemUTC();
      Identity identity = new Identity(database, clock);
      identity.ensureOwner();
      QueueNamings namings = new QueueNamings(database);
      settle(config, database, namings, clock);
      try (RedisConnections connections = QueueEngines.connect(config)) {
        return namings.usePlain(
            new RedisQueues(connections, config.redisPrefix()),
            QueueEngines.OWN,
            config.queueOrganization(),
            identity.ownerOrganization());
      }
    }
  }

  /** What was acknowledged goes to where it was meant to be. */
  private static void settle(
      ServerConfig config, Database database, QueueNamings namings, Clock clock)
      throws InterruptedException {
    Transactions transactions = new DatabaseTransactions(database);
    if (Outbox.isEmpty(transactions)) {
      return;
    }
    long until = System.nanoTime() + SETTLE.toNanos();
    try (QueueEngines unused = QueueEngines.redis(config, database, clock, namings.before())) {
      while (!Outbox.isEmpty(transactions)) {
        if (until - System.nanoTime() < 0) {
          throw new IllegalStateException(
              "Some jobs that were accepted cannot be brought to Redis; see the log of the server");
        }
        Thread.sleep(LOOK);
      }
    }
  }
}
