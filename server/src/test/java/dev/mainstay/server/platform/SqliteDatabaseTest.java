package dev.mainstay.server.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once") // the engine is named
class SqliteDatabaseTest extends DatabaseContract {
  @TempDir private Path directory;
  private int files;

  @Override
  Database open() {
    return SqliteDatabase.open(
        directory.resolve("test" + files++ + ".db"), SqliteDatabase.Durability.FULL);
  }

  @Override
  String endless() {
    return "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n";
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

  /**
   * A shell command works beside the server: neither holds the file while it has nothing to write.
   */
  @Test
  void twoProcessesWriteTheSameFile() {
    Path file = directory.resolve("shared.db");
    try (Database first = SqliteDatabase.open(file, SqliteDatabase.Durability.FULL);
        Database second = SqliteDatabase.open(file, SqliteDatabase.Durability.FULL)) {
      first.execute(tx -> tx.sql().execute("create table shared (n integer)"));
      second.execute(tx -> tx.sql().execute("insert into shared values (1)"));
      first.execute(tx -> tx.sql().execute("insert into shared values (2)"));
      assertThat(second.<Object>read(sql -> sql.fetchValue("select count(*) from shared")))
          .hasToString("2");
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
