package dev.mainstay.server.platform;

/** Opens the database that the settings name. */
public final class Databases {
  private Databases() {}

  /** True if something failed only because the database is away: the same may work later. */
  public static boolean isAway(Throwable failure) {
    return PostgresErrors.unavailable(failure);
  }

  /**
   * Opens it, and makes or migrates its schema.
   *
   * @param applicationName what PostgreSQL's own views show of this process
   * @throws SettingException if it cannot be used, with the reason in one sentence
   */
  public static Database open(ServerConfig config, String applicationName) {
    return config
        .postgres()
        .<Database>map(postgres -> PostgresDatabase.open(postgres, applicationName))
        .orElseGet(
            () ->
                SqliteDatabase.open(
                    DataDirectory.databaseFile(config.data()), config.durability()));
  }
}
