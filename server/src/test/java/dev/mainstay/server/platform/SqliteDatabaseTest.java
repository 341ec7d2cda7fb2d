package dev.mainstay.server.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatabaseTest extends DatabaseContract {
  @TempDir private Path directory;
  private int files;

  @Override
  Database open() {
    return SqliteDatabase.open(
        directory.resolve("test" + files++ + ".db"), SqliteDatabase.Durability.FULL);
  }

  @Test
  void commitsAreDurableByDefault() {
    try (Database database = open()) {
      assertThat(database.<Object>write(tx -> tx.sql().fetchValue("pragma synchronous")))
          .as("2 is FULL")
          .hasToString("2");
      assertThat(database.<Object>write(tx -> tx.sql().fetchValue("pragma journal_mode")))
          .hasToString("wal");
      assertThat(database.<Object>write(tx -> tx.sql().fetchValue("pragma foreign_keys")))
          .hasToString("1");
    }
  }

  @Test
  void oneServerOwnsADataDirectory() {
    Path data = directory.resolve("data");
    try (DataDirectory first = DataDirectory.open(data)) {
      assertThatThrownBy(() -> DataDirectory.open(first.path()))
          .isInstanceOf(SettingException.class)
          .hasMessageContaining("Another server runs on the data directory");
    }
    DataDirectory.open(data).close();
  }

  @Test
  void networkFileSystemsAreRefused() {
    for (String type : new String[] {"nfs4", "cifs", "fuse.sshfs", "9p"}) {
      assertThatThrownBy(() -> DataDirectory.refuseNetworkFileSystem(directory, type))
          .isInstanceOf(SettingException.class)
          .hasMessageContaining(type)
          .hasMessageContaining("MAINSTAY_DATA");
    }
    DataDirectory.refuseNetworkFileSystem(directory, "ext4");
  }
}
