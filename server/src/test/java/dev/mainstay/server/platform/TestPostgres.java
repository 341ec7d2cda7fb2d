package dev.mainstay.server.platform;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;

/** One PostgreSQL server for all tests of this process, with its default durability. */
final class TestPostgres {
  /** Who has to give a password. */
  static final String GUARDED = "guarded";

  private static final String ACCESS =
      """
      host all %s all scram-sha-256
      host all all all trust
      """
          .formatted(GUARDED);

  private static final EmbeddedPostgres SERVER = start();

  /** Migrated once and copied for each test. */
  private static final String TEMPLATE = template();

  private TestPostgres() {}

  private static EmbeddedPostgres start() {
    try {
      // The library's own default is to switch these off.
      Path access = Files.createTempFile("pg_hba", ".conf");
      Files.writeString(access, ACCESS);
      access.toFile().setReadable(true, false);
      return EmbeddedPostgres.builder()
          .setServerConfig("hba_file", access.toString())
          .setServerConfig("fsync", "on")
          .setServerConfig("synchronous_commit", "on")
          .setServerConfig("full_page_writes", "on")
          .setServerConfig("max_connections", "200")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String template() {
    String name = newEmptyDatabase();
    PostgresDatabase.open(config(url(name)), "template").close();
    return name;
  }

  /** A database without a schema; returns its name. */
  static String newEmptyDatabase() {
    String name = newName();
    execute("create database " + name);
    return name;
  }

  /** A database with the present schema and no rows; returns its name. */
  static String newDatabase() {
    String name = newName();
    execute("create database " + name + " template " + TEMPLATE);
    return name;
  }

  /** A database without a schema, of a user of the same name who may do nothing else. */
  static String newDatabaseOfItsOwner() {
    String name = newEmptyDatabase();
    execute("create role " + name + " login");
    execute("grant " + TenantRole.NAME + " to " + name);
    execute("alter database " + name + " owner to " + name);
    return name;
  }

  private static String newName() {
    return "test_" + UUID.randomUUID().toString().replace("-", "").toLowerCase(Locale.ROOT);
  }

  static void execute(String sql) {
    try (Connection connection = SERVER.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static int port() {
    return SERVER.getPort();
  }

  static String url(String database) {
    return url("postgres", TestDatabases.PASSWORD, database);
  }

  static String url(String user, String password, String database) {
    return "postgresql://%s:%s@localhost:%d/%s"
        .formatted(user, password, SERVER.getPort(), database);
  }

  static PostgresConfig config(String url) {
    return new PostgresConfig(PostgresConfig.parse(url), 8, Duration.ofSeconds(30));
  }
}
