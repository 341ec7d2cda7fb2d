package dev.mainstay.server.platform;

import java.nio.file.Path;
import java.util.function.Function;

/** Opens the database that the settings name. */
public final class Databases {
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
    return open(config, applicationName, file -> SqliteDatabase.open(file, config.durability()));
  }

  /** As {@link #open}, for a server, whose callers do not wait for other processes. */
  public static Database openForServer(ServerConfig config, String applicationName) {
    return open(
        config,
        applicationName,
        file -> SqliteDatabase.open(file, config.durability(), SqliteDatabase.IMPATIENT));
  }

  private static Database open(
      ServerConfig config, String applicationName, Function<Path, Database> file) {
    return config
        .postgres()
        .<Database>map(postgres -> PostgresDatabase.open(postgres, applicationName))
        .orElseGet(() -> file.apply(DataDirectory.databaseFile(config.data())));
  }
}
