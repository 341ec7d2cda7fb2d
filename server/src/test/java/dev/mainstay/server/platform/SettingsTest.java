package dev.mainstay.server.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.server.task.AgentConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("once") // needs no database
class SettingsTest {

  @Test
  void defaults() {
    ServerConfig config = ServerConfig.from(Settings.ofOnly(Map.of()));
    assertThat(config.port()).isEqualTo(8080);
    assertThat(config.host()).isEqualTo("127.0.0.1");
    assertThat(config.roles()).containsExactly(ServerConfig.Role.WEB, ServerConfig.Role.WORKER);
    assertThat(config.durability()).isEqualTo(SqliteDatabase.Durability.FULL);
    assertThat(config.eventRetention()).isEqualTo(Duration.ofDays(90));
  }

  @Test
  void propertiesCarryTheSameNames() {
    Settings settings = Settings.ofOnly(Map.of("mainstay.agent.slots", "7"));
    assertThat(settings.number(Setting.AGENT_SLOTS, 1, 1000)).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({
    "MAINSTAY_PORT, 99999",
    "MAINSTAY_PORT, http",
    "MAINSTAY_ROLES, boss",
    "MAINSTAY_DURABILITY, some",
    "MAINSTAY_PUBLIC_URL, ftp://x",
    "MAINSTAY_PUBLIC_URL, https://x/path",
    "MAINSTAY_EVENT_RETENTION, soon",
    "MAINSTAY_SANDBOX, none",
    "MAINSTAY_QUEUE, kafka",
    "MAINSTAY_LEASE, 10ms",
    "MAINSTAY_NODE_ID, a b",
    "MAINSTAY_AGENT_SLOTS, 0",
    "MAINSTAY_LOCAL_REPOS, relative/path",
    "MAINSTAY_GIT_CREDENTIALS, /does/not/exist",
    "ANTHROPIC_BASE_URL, api.anthropic.com",
  })
  void aWrongValueIsOneSentenceWithNameValueAndWhatIsAllowed(String name, String value) {
    Settings settings = Settings.ofOnly(Map.of(name, value == null ? "" : value));
    assertThatThrownBy(
            () -> {
              ServerConfig.from(settings);
              AgentConfig.from(settings);
            })
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(name + " is \"" + value + "\", but allowed is: ");
  }

  @Test
  void jobsAreWhereEverythingElseIs() {
    assertThat(queue(Map.of())).isEqualTo(QueueEngine.SQLITE);
    assertThat(queue(Map.of("MAINSTAY_QUEUE", "sqlite"))).isEqualTo(QueueEngine.SQLITE);
    assertThat(queue(Map.of("MAINSTAY_DATABASE_URL", "postgresql://u@h/db")))
        .isEqualTo(QueueEngine.POSTGRES);
    assertThat(
            queue(
                Map.of("MAINSTAY_QUEUE", "redis", "MAINSTAY_REDIS_URL", "redis://:canary@h:6379")))
        .isEqualTo(QueueEngine.REDIS);
  }

  @ParameterizedTest
  @CsvSource({
    "sqlite, postgresql://u:canary@h/db, MAINSTAY_DATABASE_URL is set",
    "postgres, '', MAINSTAY_DATABASE_URL",
    "redis, '', MAINSTAY_REDIS_URL",
  })
  void combinationsThatCannotWorkAreRefused(String queue, String url, String reason) {
    assertThatThrownBy(() -> queue(Map.of("MAINSTAY_QUEUE", queue, "MAINSTAY_DATABASE_URL", url)))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("MAINSTAY_QUEUE is \"" + queue + "\", but ")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("canary");
  }

  private static QueueEngine queue(Map<String, String> settings) {
    return ServerConfig.from(Settings.ofOnly(settings)).queue();
  }

  /** The demonstration must not run in the operator's database. */
  @Test
  void whatIsEmbeddedIgnoresTheEnvironmentsDatabase() {
    for (String name : new String[] {"MAINSTAY_DATABASE_URL", "mainstay.database.url"}) {
      System.setProperty(name, "postgresql://u@h/db");
      try {
        assertThat(Settings.of(Map.of()).text(Setting.DATABASE_URL)).isPresent();
        assertThat(Settings.embedded(Map.of()).text(Setting.DATABASE_URL)).isEmpty();
        assertThat(ServerConfig.from(Settings.embedded(Map.of())).postgres()).isEmpty();
      } finally {
        System.clearProperty(name);
      }
    }
  }

  @Test
  void secretsDoNotShow() {
    Settings settings = Settings.ofOnly(Map.of("ANTHROPIC_API_KEY", "sk-canary"));
    assertThat(AgentConfig.from(settings).toString()).doesNotContain("sk-canary");
  }

  /** {@code -Dopenapi.write} writes the page anew. */
  @Test
  void theReferencePageListsEverySetting() throws Exception {
    StringBuilder page =
        new StringBuilder(
            """
            # Settings

            Each is an environment variable, or the system property of the same name in lower case with dots
            (`MAINSTAY_AGENT_SLOTS` is `mainstay.agent.slots`). `--port`, `--host` and `--data` go before both. A wrong
            value stops the start with one sentence.

            | Variable | Default | Allowed | What it does |
            |---|---|---|---|
            """);
    for (Setting setting : Setting.values()) {
      page.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  setting.variable(),
                  setting.defaultValue().map(value -> "`" + value + "`").orElse(""),
                  setting.allowed(),
                  setting.description()));
    }
    Path file = Path.of("../docs/settings.md");
    if (Boolean.getBoolean("openapi.write")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, page);
    }
    assertThat(file).hasContent(page.toString());
  }
}
