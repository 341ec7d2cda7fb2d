package dev.mainstay.server.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.sql.DataSourceTransactions;
import dev.mainstay.queue.sql.Dialect;
import dev.mainstay.queue.sql.SqlTaskQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

@Tag("once") // SQLite's migrations and file
class MigrationsTest {
  @TempDir private Path directory;

  /** The queue's table stands in its library and in a migration; this keeps them the same. */
  @Test
  void theQueueHasTheSchemaThatItsLibraryDescribes() throws Exception {
    Path own = directory.resolve("own.db");
    SqliteDatabase.open(own, SqliteDatabase.Durability.FULL).close();
    Path library = directory.resolve("library.db");
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + library);
    try (DataSourceTransactions transactions =
        new DataSourceTransactions(source, Dialect.sqlite())) {
      SqlTaskQueue.createSchema(transactions, Dialect.sqlite());
    }
    assertThat(queueSchema(own)).hasSizeGreaterThan(4).isEqualTo(queueSchema(library));
  }

  @Test
  void aFirstStartHasWhatTheMigrationsMake() throws Exception {
    Path first = directory.resolve("first.db");
    SqliteDatabase.open(first, SqliteDatabase.Durability.FULL).close();
    Path migrated = migrated("migrated.db", Migrations.LATEST);
    assertThat(schema(first)).hasSizeGreaterThan(10).isEqualTo(schema(migrated));
  }

  @Test
  void anOlderDatabaseIsMigrated() throws Exception {
    Path old = migrated("old.db", "1");
    Path latest = migrated("latest.db", Migrations.LATEST);
    assertThat(schema(old)).isNotEqualTo(schema(latest));
    SqliteDatabase.open(old, SqliteDatabase.Durability.FULL).close();
    assertThat(schema(old)).isEqualTo(schema(latest));
  }

  @Test
  void jobsOfAnOlderQueueAreStillThere() throws Exception {
    Path file = migrated("old.db", "3");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          insert into queue_jobs (sequence, queue, id, name, data, state, priority, attempts, attempts_made,
            stalled_count, backoff_kind, backoff_delay_ms, backoff_jitter, lease_token, created_at)
          values (41, 'agent', 'old', 'agent', '{}', 'WAITING', 2, 3, 1, 0, 'EXPONENTIAL', 5000, 0.5, 0, 7)""");
      statement.execute("update sqlite_sequence set seq = 99 where name = 'queue_jobs'");
    }
    SqliteDatabase.open(file, SqliteDatabase.Durability.FULL).close();
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + file);
    try (DataSourceTransactions transactions =
        new DataSourceTransactions(source, Dialect.sqlite())) {
      var queue = new SqlTaskQueue("agent", transactions, InstantSource.system(), Dialect.sqlite());
      Job old = queue.find("old").orElseThrow();
      assertThat(old.options().backoff())
          .isEqualTo(Backoff.exponential(Duration.ofSeconds(5)).withJitter(0.5));
      assertThat(old.options().attempts()).isEqualTo(3);
      queue.add(JobRequest.of("agent", "{}"));
    }
    assertThat(statements(file, "select max(sequence) from queue_jobs")).containsExactly("100");
  }

  private Path migrated(String name, String version) {
    Path file = directory.resolve(name);
    Flyway.configure()
        .dataSource("jdbc:sqlite:" + file, "", "")
        .locations("classpath:db/migration")
        .target(version)
        .load()
        .migrate();
    return file;
  }

  private static List<String> schema(Path file) throws SQLException {
    return statements(file, "select sql from sqlite_master where sql is not null order by name");
  }

  private static List<String> queueSchema(Path file) throws SQLException {
    return statements(
        file,
        "select sql from sqlite_master where tbl_name glob 'queue_*' and sql is not null"
            + " order by name");
  }

  private static List<String> statements(Path file, String query) throws SQLException {
    List<String> statements = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        // The library sends its statements without their comments.
        statements.add(rows.getString(1).replaceAll(" *(--[^\n]*)?\n", "\n"));
      }
    }
    return statements;
  }

  @Test
  void theLatestVersionIsTheNewestFile() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
      assertThat(
              files.map(file -> file.getFileName().toString().replaceFirst("^V(\\d+)__.*", "$1")))
          .as("set Migrations.LATEST with each new migration")
          .contains(Migrations.LATEST)
          .allSatisfy(
              version ->
                  assertThat(Integer.parseInt(version))
                      .isLessThanOrEqualTo(Integer.parseInt(Migrations.LATEST)));
    }
  }
}
