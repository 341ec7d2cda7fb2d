package dev.mainstay.server.platform;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;

/** Opens the database that the settings name. */
public final class Databases {
  /** A file is there, or is not; what keeps it busy is waited for by SQLite itself. */
  private static final Duration FILE_PATIENCE = Duration.ofMillis(500);

  private Databases() {}

  /** True if something failed only because the database, or Redis, is away: it may work later. */
  public static boolean isAway(Throwable failure) {
    return StorageErrors.away(failure);
  }

  /**
   * Opens it, and makes or migrates its schema.
   *
   * @param applicationName what PostgreSQL's own views show of this process
   * @throws SettingException if it cannot be used, with the reason in one sentence
   */
  public static Database open(ServerConfig config, String applicationName) {
    return open(config, applicationName, deadline(config));
  }

  /** As {@link #open(ServerConfig, String)}, with the time that is left of a longer start. */
  public static Database open(ServerConfig config, String applicationName, Deadline deadline) {
    return open(
        config, applicationName, deadline, file -> SqliteDatabase.open(file, config.durability()));
  }

  /** Until when a start that begins now waits for a database that is away. */
  public static Deadline deadline(ServerConfig config) {
    return Deadline.in(config.postgres().map(PostgresConfig::patience).orElse(FILE_PATIENCE));
  }

  /** As {@link #open}, for a server, whose callers do not wait for other processes. */
  public static Database openForServer(ServerConfig config, String applicationName) {
    return open(
        config,
        applicationName,
        deadline(config),
        file -> SqliteDatabase.open(file, config.durability(), SqliteDatabase.IMPATIENT));
  }

  private static Database open(
      ServerConfig config,
      String applicationName,
      Deadline deadline,
      Function<Path, Database> file) {
    return config
        .postgres()
        .<Database>map(postgres -> PostgresDatabase.open(postgres, applicationName, deadline))
        .orElseGet(() -> file.apply(DataDirectory.databaseFile(config.data())));
  }
}
