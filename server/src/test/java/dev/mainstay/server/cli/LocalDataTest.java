package dev.mainstay.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.Settings;
import dev.mainstay.server.platform.TestDatabases;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDataTest {
  @TempDir private Path data;

  private LocalData open() {
    Map<String, String> settings = new HashMap<>(TestDatabases.settings(data));
    settings.put(Setting.DATA.variable(), data.toString());
    return LocalData.open(Settings.ofOnly(settings));
  }

  @Test
  void commandsHaveTheServersKey() {
    try (Database database = TestDatabases.open(data)) {
      String sealed = TestDatabases.keyring(data, database).seal("text", "place");
      try (LocalData command = open()) {
        assertThat(command.keyring().open(sealed, "place")).isEqualTo("text");
      }
    }
  }

  /** Who comes first makes it: the owner may be made before the first start. */
  @Test
  void serversHaveTheCommandsKey() {
    String sealed;
    try (LocalData command = open()) {
      sealed = command.keyring().seal("text", "place");
    }
    try (Database database = TestDatabases.open(data)) {
      assertThat(TestDatabases.keyring(data, database).open(sealed, "place")).isEqualTo("text");
    }
  }
}
