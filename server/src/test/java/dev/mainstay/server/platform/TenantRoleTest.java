package dev.mainstay.server.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How the role of tenants comes to be on a server that has none, and what is said if it cannot. */
@Tag("postgres")
class TenantRoleTest {
  private static final String STATEMENTS =
      "create role mainstay_app nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication; grant mainstay_app to ";

  private static EmbeddedPostgres server;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** All databases, and all roles, of which those that were granted to others go first. */
  @AfterEach
  void clear() throws SQLException {
    for (String query :
        List.of(
            "select 'drop database ' || datname || ' with (force)' from pg_database where not datistemplate and datname <> 'postgres'",
            "select 'drop role ' || rolname from pg_roles where rolname !~ '^pg_' and rolname <> 'postgres' order by rolname <> 'mainstay_app'")) {
      List<String> statements = new ArrayList<>();
      try (Connection connection = server.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(query)) {
        while (rows.next()) {
          statements.add(rows.getString(1));
        }
      }
      execute("postgres", statements.toArray(String[]::new));
    }
  }

  private static void execute(String database, String... statements) throws SQLException {
    try (Connection connection = server.getDatabase("postgres", database).getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void database(String owner, String options) throws SQLException {
    execute(
        "postgres",
        "create role " + owner + " login " + options,
        "create database " + owner + " owner " + owner);
  }

  private static PostgresDatabase open(String user, String database) {
    return PostgresDatabase.open(
        TestPostgres.config(
            "postgresql://%s@localhost:%d/%s".formatted(user, server.getPort(), database)),
        "test");
  }

  private static AbstractThrowableAssert<?, ?> refused(String user, String database) {
    return assertThatThrownBy(() -> open(user, database).close())
        .isInstanceOf(SettingException.class)
        .hasMessageNotContaining("\n");
  }

  /** Makes two organizations, and asserts that each sees itself alone. */
  private static void assertConfines(PostgresDatabase database) {
    database.execute(
        tx -> {
          for (String id : List.of("a", "b")) {
            tx.sql()
                .execute(
                    "insert into organizations (id, name, slug, created_at) values ('%1$s', '%1$s', '%1$s', 0)"
                        .formatted(id));
            tx.sql()
                .execute(
                    "insert into queues values ('%s', 'q', %d)"
                        .formatted(id, Instant.EPOCH.toEpochMilli()));
          }
        });
    assertThat(organizations(database)).containsExactly("a", "b");
    assertThat(Tenant.of("a").call(() -> organizations(database))).containsExactly("a");
    assertThat(Tenant.of("b").call(() -> organizations(database))).containsExactly("b");
    assertThat(
            Tenant.of("a")
                .<Integer, RuntimeException>call(
                    () -> database.write(tx -> tx.sql().execute("delete from queues"))))
        .isEqualTo(1);
    assertThat(organizations(database)).containsExactly("b");
  }

  private static List<String> organizations(PostgresDatabase database) {
    return database.read(
        sql ->
            sql.fetch("select organization_id from queues order by 1").getValues(0, String.class));
  }

  @Test
  void whoMayMakeRolesMakesItAndMayTakeIt() throws Exception {
    database("ada", "createrole");
    try (PostgresDatabase database = open("ada", "ada")) {
      assertConfines(database);
    }
    open("ada", "ada").close();
  }

  @Test
  void whoMayNotIsToldWhatAnAdministratorHasToRun() throws Exception {
    database("ada", "");
    refused("ada", "ada").hasMessageEndingWith("an administrator has to run " + STATEMENTS + "ada");
    execute("postgres", (STATEMENTS + "ada").split("; "));
    try (PostgresDatabase database = open("ada", "ada")) {
      assertConfines(database);
    }
  }

  /** The role is there, since another database of this server has made it. */
  @Test
  void twoDatabasesOfOneServerHaveTheRoleTogether() throws Exception {
    database("ada", "createrole");
    database("bob", "createrole");
    open("ada", "ada").close();
    // Since PostgreSQL 16, who may make roles may not take those that others have made.
    refused("bob", "bob").hasMessageContaining("grant mainstay_app to bob");
    execute("postgres", "grant mainstay_app to bob");
    try (PostgresDatabase database = open("bob", "bob")) {
      assertConfines(database);
    }
    // By the role alone nobody gets at what another database has.
    execute("postgres", "grant mainstay_app to ada with inherit true, set true");
    try (Connection connection = server.getDatabase("ada", "bob").getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("set mainstay.organization = 'b'");
      for (String role : List.of("none", "mainstay_app")) {
        statement.execute("set role " + role);
        try (var rows = statement.executeQuery("select from queues")) {
          assertThat(rows.next()).isFalse();
        }
      }
    }
  }

  @Test
  void databasesThatStartAtOnceMakeItOnce() throws Exception {
    List<String> names = List.of("one", "two", "three", "four");
    for (String name : names) {
      execute("postgres", "create database " + name);
    }
    CountDownLatch start = new CountDownLatch(1);
    List<Future<PostgresDatabase>> opening = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String name : names) {
        opening.add(
            executor.submit(
                () -> {
                  start.await();
                  return open("postgres", name);
                }));
      }
      start.countDown();
      for (Future<PostgresDatabase> future : opening) {
        future.get(120, TimeUnit.SECONDS).close();
      }
    }
  }

  @Test
  void aRoleThatCouldDoMoreIsRefused() throws Exception {
    execute("postgres", "create role mainstay_app", "create role other", "create database app");
    for (String power :
        List.of("superuser", "bypassrls", "createrole", "createdb", "replication", "login")) {
      execute("postgres", "alter role mainstay_app " + power);
      refused("postgres", "app").hasMessageContaining("the role mainstay_app must not");
      execute("postgres", "alter role mainstay_app no" + power);
    }
    execute("postgres", "grant other to mainstay_app");
    refused("postgres", "app").hasMessageContaining("the role mainstay_app must not");
    execute("postgres", "revoke other from mainstay_app", "create table mine (id int)");
    execute("postgres", "alter table mine owner to mainstay_app");
    refused("postgres", "app").hasMessageContaining("the role mainstay_app must not");
    execute("postgres", "drop table mine");
    open("postgres", "app").close();
  }

  /** {@code "$user"} in the search path is the user's own schema, which is not the role's. */
  @Test
  void tablesInTheUsersOwnSchemaAreFound() throws Exception {
    database("ada", "createrole");
    execute("ada", "create schema authorization ada");
    try (PostgresDatabase database = open("ada", "ada")) {
      assertThat(database.<Object>read(sql -> sql.fetchValue("select current_schema()")))
          .isEqualTo("ada");
      assertConfines(database);
    }
  }

  /** A login that works as another role from the start goes back to that one. */
  @Test
  void theServersOwnRoleMayBeAnotherThanItsLogin() throws Exception {
    database("ada", "");
    execute(
        "postgres",
        "create role login_only login",
        "grant ada to login_only",
        "alter role login_only set role = 'ada'",
        "create role mainstay_app",
        "grant mainstay_app to login_only");
    try (PostgresDatabase database = open("login_only", "ada")) {
      assertConfines(database);
      assertThat(
              Tenant.of("a")
                  .<Object, RuntimeException>call(
                      () ->
                          database.write(
                              tx -> tx.asServer(() -> tx.sql().fetchValue("select current_user")))))
          .isEqualTo("ada");
    }
  }

  @Test
  void whoDoesNotOwnTheTablesIsToldSo() throws Exception {
    database("ada", "createrole");
    open("ada", "ada").close();
    execute(
        "ada",
        "create role worker login",
        "grant mainstay_app to worker",
        "grant select, insert, update, delete on all tables in schema public to worker");
    refused("worker", "ada").hasMessageContaining("must own Mainstay's tables");
    execute("ada", "alter role worker bypassrls");
    open("worker", "ada").close();
    execute("ada", "alter role worker nobypassrls", "grant ada to worker");
    open("worker", "ada").close();
  }

  @Test
  void tablesThatLostTheirPoliciesAreNamed() throws Exception {
    execute("postgres", "create database app");
    open("postgres", "app").close();
    execute("app", "alter table queue_jobs disable row level security");
    refused("postgres", "app").hasMessageContaining("may read its table queue_jobs");
    execute("app", "alter table queue_jobs enable row level security");
    open("postgres", "app").close();
    execute("app", "drop owned by mainstay_app");
    refused("postgres", "app").hasMessageContaining("after a restore");
  }
}
