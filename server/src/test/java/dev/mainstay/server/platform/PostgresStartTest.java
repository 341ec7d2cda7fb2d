package dev.mainstay.server.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a start makes of the database that it is given: it works, or one sentence says why not. */
@Tag("postgres")
class PostgresStartTest {
  private static final String SECRET = TestDatabases.PASSWORD;

  private static ServerConfig config(String url) {
    return ServerConfig.from(Settings.ofOnly(Map.of("MAINSTAY_DATABASE_URL", url)));
  }

  private static void open(String url) {
    Databases.open(config(url), "test").close();
  }

  private static AbstractThrowableAssert<?, ?> refused(Runnable start) {
    return assertThatThrownBy(start::run)
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("MAINSTAY_DATABASE_URL ")
        .hasMessageNotContaining(SECRET)
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:%s@h/db",
        "u:%s@h/db",
        "postgresql://u:%s@h:port/db",
        "postgresql://u:%s@h:70000/db",
        "postgresql://u:%s/x@h/db",
        "postgresql://u:%s%%zz@h/db",
        "postgresql://u:%s@%%2Frun%%2Fpostgresql/db",
        "postgresql://u:%s@h/db?sslmode",
        "postgresql://u:%s@h/db?nosuch=1",
        "postgresql://u:%s@h/db?target_session_attrs=x",
        "jdbc:mysql://h/db?password=%s",
        "jdbc:postgresql://h/db?password=%s&nosuch=1",
        "postgresql://h/?password=%s",
      })
  void aWrongUrlIsOneSentenceWithoutIts(String pattern) {
    refused(() -> config(pattern.formatted(SECRET)))
        .hasMessageContaining("it must be postgresql://");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgresql://ada:p%40ss%2F@db.example:6432/app?sslmode=require&application_name=x | ada | p@ss/ | postgresql://db.example:6432/app",
        "postgres://ada:secret@db.example | ada | secret | postgresql://db.example:5432/ada",
        "postgresql://ada:p+w@[::1]:5433/app | ada | p+w | postgresql://[::1]:5433/app",
        "postgresql://ada:x@one:1,two/app?target_session_attrs=read-write | ada | x | postgresql://one:1,two:5432/app",
        "jdbc:postgresql://db.example/app?user=ada&password=p%26w&ssl=true | ada | p&w | postgresql://db.example:5432/app",
        "jdbc:postgresql:app?user=ada&password=x | ada | x | postgresql://localhost:5432/app",
      })
  void urlsAreReadAsOthersReadThem(String text, String user, String password, String shown) {
    DatabaseUrl url = PostgresConfig.parse(text);
    assertThat(url.user()).contains(user);
    assertThat(url.password().map(Secret::reveal)).contains(password);
    assertThat(url.toString()).isEqualTo(shown);
    assertThat(config(text).toString()).doesNotContain(password + ",").contains(shown);
  }

  @Test
  void parametersOfLibpqGetTheDriversNames() {
    assertThat(
            PostgresConfig.parse(
                    "postgresql://u@h/db?application_name=a&connect_timeout=3&keepalives=0"
                        + "&target_session_attrs=read-write&sslmode=verify-full&sslrootcert=system")
                .parameters())
        .containsOnly(
            Map.entry("ApplicationName", "a"),
            Map.entry("connectTimeout", "3"),
            Map.entry("tcpKeepAlive", "false"),
            Map.entry("targetServerType", "primary"),
            Map.entry("sslmode", "verify-full"),
            Map.entry("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory"));
  }

  @Test
  void aServerThatNeverAnswersIsWaitedForAndThenNamed() throws Exception {
    int port = freePort();
    PostgresConfig config =
        new PostgresConfig(
            PostgresConfig.parse("postgresql://ada:%s@localhost:%d/app".formatted(SECRET, port)),
            4,
            Duration.ofMillis(600));
    refused(() -> PostgresDatabase.open(config, "test"))
        .hasMessageContaining("localhost:" + port)
        .hasMessageContaining("refused");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void aServerThatIsJustStartingIsWaitedFor() throws Exception {
    int port = freePort();
    PostgresConfig config =
        TestPostgres.config("postgresql://postgres@localhost:" + port + "/postgres");
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Database> opening = executor.submit(() -> PostgresDatabase.open(config, "test"));
      try (EmbeddedPostgres late = EmbeddedPostgres.builder().setPort(port).start();
          Database database = opening.get(60, TimeUnit.SECONDS)) {
        assertThat(late.getPort()).isEqualTo(port);
        assertThat(database.<Object>read(sql -> sql.fetchValue("select count(*) from tasks")))
            .hasToString("0");
      }
    }
  }

  @Test
  void whatTheServerRefusesIsSaid() {
    refused(() -> open(TestPostgres.url("no_such_database")))
        .hasMessageContaining("no_such_database");
    String name = TestPostgres.newDatabase();
    TestPostgres.execute(
        "create role " + TestPostgres.GUARDED + " login password 'something else'");
    refused(() -> open(TestPostgres.url(TestPostgres.GUARDED, SECRET, name)))
        .hasMessageContaining("password authentication failed for user");
    refused(() -> open(TestPostgres.url(name) + "?sslmode=require")).hasMessageContaining("SSL");
  }

  @Test
  void rightsThatAreMissingAreNamed() {
    TestPostgres.execute("create role nobody_special login");
    String empty = TestPostgres.newEmptyDatabase();
    refused(() -> open(TestPostgres.url("nobody_special", SECRET, empty)))
        .hasMessageContaining("may not create tables");
    String full = TestPostgres.newDatabase();
    refused(() -> open(TestPostgres.url("nobody_special", SECRET, full)))
        .hasMessageContaining("may not read and write");
  }

  @Test
  void anotherEncodingIsRefused() {
    String name = "latin_" + System.nanoTime();
    TestPostgres.execute(
        "create database " + name + " encoding 'LATIN1' locale 'C' template template0");
    refused(() -> open(TestPostgres.url(name))).hasMessageContaining("LATIN1");
  }

  @Test
  void oldServersAndReplicasAreRefused() {
    PostgresConfig config = TestPostgres.config("postgresql://u@h/db");
    PostgresCheck check = new PostgresCheck(config, "test", Deadline.in(config.patience()));
    refused(() -> check.require(new PostgresCheck.Facts(140_012, "14.12", "UTF8", false, true)))
        .hasMessageContaining("14.12")
        .hasMessageContaining("15 or newer");
    refused(() -> check.require(new PostgresCheck.Facts(150_000, "15.0", "UTF8", true, true)))
        .hasMessageContaining("replica");
    check.require(new PostgresCheck.Facts(150_000, "15.0", "UTF8", false, true));
  }

  @Test
  void aNewerSchemaIsLeftAlone() {
    String name = TestPostgres.newDatabase();
    try (Database database =
        PostgresDatabase.open(TestPostgres.config(TestPostgres.url(name)), "test")) {
      database.execute(
          tx ->
              tx.sql()
                  .execute(
                      """
                      insert into flyway_schema_history (installed_rank, version, description, type, script, checksum,
                        installed_by, execution_time, success)
                      values (99, '999', 'later', 'SQL', 'V999__later.sql', 0, 'x', 0, true)"""));
    }
    refused(() -> open(TestPostgres.url(name))).hasMessageContaining("newer version");
  }

  @Test
  void tablesThatAreInTheWayAreNamed() {
    String name = TestPostgres.newEmptyDatabase();
    try (var connection =
            TestPostgres.config(TestPostgres.url(name)).dataSource("test").getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create table tasks (id int)");
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
    refused(() -> open(TestPostgres.url(name))).hasMessageContaining("\"tasks\" already exists");
  }

  @Test
  void nodesThatStartAtOnceMigrateOnce() throws Exception {
    String url = TestPostgres.url(TestPostgres.newEmptyDatabase());
    int nodes = 4;
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Database>> opening = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < nodes; i++) {
        opening.add(
            executor.submit(
                () -> {
                  start.await();
                  return PostgresDatabase.open(TestPostgres.config(url), "test");
                }));
      }
      start.countDown();
      for (Future<Database> future : opening) {
        try (Database database = future.get(60, TimeUnit.SECONDS)) {
          List<String> versions =
              database.read(
                  sql ->
                      sql.fetch(
                              "select version from flyway_schema_history where type = 'SQL' order by installed_rank")
                          .getValues(0, String.class));
          assertThat(versions).doesNotHaveDuplicates().endsWith(Migrations.LATEST);
        }
      }
    }
  }
}
