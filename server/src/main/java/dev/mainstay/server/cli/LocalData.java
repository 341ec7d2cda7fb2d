package dev.mainstay.server.cli;

import dev.mainstay.server.QueueEngines;
import dev.mainstay.server.identity.Identity;
import dev.mainstay.server.platform.DataDirectory;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Databases;
import dev.mainstay.server.platform.Deadline;
import dev.mainstay.server.platform.Keyring;
import dev.mainstay.server.platform.NodeId;
import dev.mainstay.server.platform.ServerConfig;
import dev.mainstay.server.platform.Settings;
import dev.mainstay.server.queue.QueueName;
import dev.mainstay.server.queue.Queues;
import java.time.Clock;

/** The data as commands use it that work beside a running server, or without one. */
final class LocalData implements AutoCloseable {
  private final ServerConfig config;
  private final Deadline deadline;
  private final Clock clock = Clock.systemUTC();
  private final Database database;
  private final QueueEngines engines;
  private final Identity identity;
  private final Queues queues;
  private final boolean isNew;

  private LocalData(Database database, ServerConfig config, Deadline deadline) {
    this.config = config;
    this.deadline = deadline;
    this.database = database;
    this.identity = new Identity(database, clock);
    this.isNew = identity.ensureOwner();
    this.engines = QueueEngines.open(config, database, clock, identity.ownerOrganization(), false);
    this.queues = new Queues(database, clock, engines::queue, engines.flows(), engines.existing());
  }

  /**
   * Opens PostgreSQL if the settings name it, and the data directory if not; makes what is missing,
   * and its owner.
   */
  static LocalData open(Settings settings) {
    ServerConfig config = ServerConfig.from(settings);
    if (config.postgres().isEmpty()) {
      DataDirectory.create(config.data());
    }
    Deadline deadline = Databases.deadline(config);
    return WhileAway.retry(deadline, () -> open(config, deadline));
  }

  private static LocalData open(ServerConfig config, Deadline deadline) {
    Database database = Databases.open(config, NodeId.COMMAND, deadline);
    try {
      return new LocalData(database, config, deadline);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** Until when the command waits, in all, for a store that is away as it starts. */
  Deadline deadline() {
    return deadline;
  }

  /** True if there was no owner before. */
  boolean isNew() {
    return isNew;
  }

  /** The instance's key, for commands that need it: the others run without it on any machine. */
  Keyring keyring() {
    return Keyring.open(config, database, clock);
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
    engines.close();
    database.close();
  }
}
