package dev.mainstay.server.platform;

/** Which engine keeps the jobs, and which combinations there are. */
final class QueueChoice {
  private QueueChoice() {}

  /**
   * @throws SettingException for an engine that cannot work with the other settings
   */
  static QueueEngine of(Settings settings) {
    boolean postgres = settings.text(Setting.DATABASE_URL).isPresent();
    if (settings.text(Setting.QUEUE).isEmpty()) {
      return postgres ? QueueEngine.POSTGRES : QueueEngine.SQLITE;
    }
    QueueEngine chosen = settings.choice(Setting.QUEUE, QueueEngine.class);
    switch (chosen) {
      case SQLITE -> {
        if (postgres) {
          throw refused(
              "sqlite",
              "%s is set, and jobs of the shared database cannot be in a file of one machine"
                  .formatted(Setting.DATABASE_URL.variable()));
        }
      }
      case POSTGRES -> {
        if (!postgres) {
          throw refused(
              "postgres",
              "%s, which says where, is not set".formatted(Setting.DATABASE_URL.variable()));
        }
      }
      case REDIS -> {
        if (settings.text(Setting.REDIS_URL).isEmpty()) {
          throw refused(
              "redis", "%s, which says where, is not set".formatted(Setting.REDIS_URL.variable()));
        }
      }
    }
    return chosen;
  }

  private static SettingException refused(String value, String reason) {
    return new SettingException(
        "%s is \"%s\", but %s".formatted(Setting.QUEUE.variable(), value, reason));
  }
}
