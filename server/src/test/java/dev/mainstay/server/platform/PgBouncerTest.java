package dev.mainstay.server.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A pooler between us and PostgreSQL: what works, what is refused, and what is left behind. */
@Tag("postgres")
@Timeout(120)
class PgBouncerTest {
  private static final String TABLES =
      "select count(*)::text from pg_tables where schemaname = 'public'";

  /** What was set in a session and stays, but for what PgBouncer itself looks after. */
  private static final String LEFT_BEHIND =
      """
      select coalesce(string_agg(what, ', ' order by what), '') from (
        select name || ' = ' || setting from pg_settings
        where source = 'session' and setting <> '' and lower(name) not in ('application_name', 'client_encoding', 'datestyle',
          'timezone', 'standard_conforming_strings')
          and not (name = 'search_path' and setting = reset_val)
        union all select 'lock' from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()
        union all select 'listen ' || pg_listening_channels()
        union all select 'temporary ' || relname from pg_class where relpersistence = 't' and pg_table_is_visible(oid)
      ) left_behind (what)\
      """;

  private static ServerConfig config(String url) {
    return ServerConfig.from(Settings.ofOnly(java.util.Map.of("MAINSTAY_DATABASE_URL", url)));
  }

  @ParameterizedTest
  @CsvSource({
    "transaction, server_round_robin = 0, ''",
    "transaction, server_round_robin = 1, ''",
    "transaction, default_pool_size = 1, ''",
    "transaction, default_pool_size = 40, ?prepareThreshold=0",
    "transaction, min_pool_size = 5, ?preferQueryMode=simple",
    "statement, default_pool_size = 20, ''"
  })
  void poolersThatShareSessionsAreRefusedBeforeAnythingIsWritten(
      String mode, String setting, String parameters) throws Exception {
    String name = TestPostgres.newDatabaseOfItsOwner();
    try (PgBouncer bouncer = PgBouncer.start(name, mode, setting)) {
      String url = bouncer.url() + parameters;
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> Databases.open(config(url), "test").close())
            .isInstanceOf(SettingException.class)
            .hasMessageStartingWith("MAINSTAY_DATABASE_URL leads to ")
            .hasMessageContaining("pool_mode = session")
            .hasMessageNotContaining(TestDatabases.PASSWORD)
            .hasMessageNotContaining("\n");
      }
      assertThat(ask(List.of(bouncer.url()), LEFT_BEHIND)).containsOnly("");
    }
    assertThat(ask(List.of(TestPostgres.url(name)), TABLES)).containsOnly("0");
  }

  @Test
  void aPoolerOfSessionsWorksAndFindsItsSessionsAsTheyWere() throws Exception {
    String name = TestPostgres.newDatabaseOfItsOwner();
    // Nothing else is reset between two clients: what is left behind shows.
    try (PgBouncer bouncer =
        PgBouncer.start(
            name, "session", "server_reset_query = deallocate all", "default_pool_size = 40")) {
      String url = bouncer.url();
      try (Database database = Databases.open(config(url), "test");
          NodeId node = NodeId.take(database, "node-1")) {
        assertThat(node.value()).isEqualTo("node-1");
        for (int i = 0; i < 10; i++) {
          database.execute(tx -> assertThat(count(tx.sql())).isZero());
          assertThat(database.<Integer>read(PgBouncerTest::count)).isZero();
          assertThat(Tenant.of("o").call(() -> database.<Integer>read(PgBouncerTest::count)))
              .isZero();
          assertThat(database.<Integer>search("o", PgBouncerTest::count)).isZero();
        }
      }
      assertThat(ask(List.of(url, url, url, url, url, url, url, url, url, url), LEFT_BEHIND))
          .allMatch(left -> left.isEmpty() || left.equals("lock"))
          // The node's name, which the pooler's reset query gives back.
          .filteredOn("lock"::equals)
          .hasSizeLessThanOrEqualTo(1);
    }
  }

  private static int count(org.jooq.DSLContext sql) {
    return ((Number) sql.fetchValue("select count(*) from tasks")).intValue();
  }

  /** Reads are transactions of their own, which cannot write, whomever they are for. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readingNeverWrites(boolean forTenant) {
    String name = TestPostgres.newDatabaseOfItsOwner();
    try (Database database = Databases.open(config(TestPostgres.url(name, "x", name)), "test")) {
      Runnable read =
          () -> database.<Integer>read(sql -> sql.execute("delete from tasks where false"));
      assertThatThrownBy(() -> (forTenant ? inTenant(read) : read).run())
          .isInstanceOf(DataAccessException.class)
          .hasMessageContaining("read-only transaction");
    }
  }

  private static Runnable inTenant(Runnable work) {
    return () -> Tenant.of("o").run(work);
  }

  /** The answers over connections that are all open at once. */
  private static List<String> ask(List<String> urls, String query) throws SQLException {
    List<Connection> open = new ArrayList<>();
    List<String> answers = new ArrayList<>();
    try {
      for (String url : urls) {
        open.add(TestPostgres.config(url).dataSource("look").getConnection());
      }
      for (Connection connection : open) {
        try (Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery(query)) {
          row.next();
          answers.add(row.getString(1));
        }
      }
      return answers;
    } finally {
      for (Connection connection : open) {
        connection.close();
      }
    }
  }
}
