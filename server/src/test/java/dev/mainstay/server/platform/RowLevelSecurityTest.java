package dev.mainstay.server.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * SQL without any condition, run for one of two organizations that have a row in every table: what
 * a statement of the server that forgot its condition would do.
 */
@Tag("postgres")
class RowLevelSecurityTest {
  private static final String OWN = "own-organization";
  private static final String OTHER = "other-organization";

  /** Tables that a tenant reaches, and that have no organization_id; each has a policy. */
  private static final Set<String> BY_QUEUE =
      Set.of(
          "queue_jobs",
          "queue_settings",
          "queue_groups",
          "queue_rate_uses",
          "queue_deduplications",
          "queue_schedulers",
          "queue_events",
          "queue_event_gaps",
          "queue_metrics",
          "queue_workers",
          "queue_outbox");

  /** The same, by the column that names the job. */
  private static final Map<String, String> BY_JOB =
      Map.of(
          "queue_job_logs", "sequence",
          "queue_parents", "sequence",
          "queue_children", "parent_sequence");

  /** What is derived from a secret or seals one. */
  private static final String SECRET_COLUMNS =
      "column_name ~ '(secret|token|code|password)_(hash|mac|sealed)|sealed'";

  private static String name;
  private static PostgresDatabase database;
  private static Map<String, Map<String, String>> tables = Map.of();

  @BeforeAll
  static void fill() {
    name = TestPostgres.newDatabase();
    database = PostgresDatabase.open(TestPostgres.config(TestPostgres.url(name)), "test");
    tables = database.read(RowLevelSecurityTest::columns);
    database.execute(
        tx -> {
          // The rows need not make sense, so references are not looked at.
          tx.sql().execute("set local session_replication_role = replica");
          for (String table : tables.keySet()) {
            tx.sql().execute(insert(table, OWN));
            tx.sql().execute(insert(table, OTHER));
          }
        });
  }

  @AfterAll
  static void close() {
    database.close();
  }

  /** The types of the columns of all tables. */
  private static Map<String, Map<String, String>> columns(DSLContext sql) {
    Map<String, Map<String, String>> all = new TreeMap<>();
    for (Record row :
        sql.fetch(
            """
            select table_name, column_name, data_type from information_schema.columns
            where table_schema = 'public' and table_name not like 'flyway%' order by table_name, ordinal_position""")) {
      all.computeIfAbsent(row.get(0, String.class), table -> new LinkedHashMap<>())
          .put(row.get(1, String.class), row.get(2, String.class));
    }
    return all;
  }

  private static Map<String, String> columnsOf(String table) {
    return Objects.requireNonNull(tables.get(table));
  }

  private static String insert(String table, String tenant) {
    Map<String, String> columns = columnsOf(table);
    return "insert into %s (%s) overriding system value values (%s)"
        .formatted(
            table,
            String.join(", ", columns.keySet()),
            columns.entrySet().stream()
                .map(column -> value(table, column.getKey(), column.getValue(), tenant))
                .collect(Collectors.joining(", ")));
  }

  private static String value(String table, String column, String type, String tenant) {
    if (column.equals("organization_id") || (table + "." + column).equals("organizations.id")) {
      return "'" + tenant + "'";
    }
    if (column.equals("queue")) {
      return "'" + tenant + "/q'";
    }
    return switch (type) {
      case "text" -> "'" + column + " of " + tenant + "'";
      case "boolean" -> "false";
      case "bytea" -> "'\\x00'";
      default -> Integer.toString(number(tenant));
    };
  }

  private static int number(String tenant) {
    return tenant.equals(OWN) ? 1 : 2;
  }

  /** Which rows of a table are a tenant's; none of what is the server's or people's. */
  private static String of(String table, String tenant) {
    if (table.equals("organizations")) {
      return "id = '" + tenant + "'";
    }
    if (columnsOf(table).containsKey("organization_id")) {
      return "organization_id = '" + tenant + "'";
    }
    if (BY_QUEUE.contains(table)) {
      return "queue = '" + tenant + "/q'";
    }
    return BY_JOB.containsKey(table) ? BY_JOB.get(table) + " = " + number(tenant) : "false";
  }

  /** Undoes a transaction, and says how many rows it has reached. */
  private static final class UndoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long rows;

    UndoException(long rows) {
      this.rows = rows;
    }
  }

  /** How many rows a statement reaches for the own organization; empty if it is refused. */
  private static OptionalLong reached(String statement) {
    try {
      return Tenant.of(OWN)
          .call(
              () ->
                  database.write(
                      tx -> {
                        throw new UndoException(
                            statement.startsWith("select")
                                ? tx.sql().fetch(statement).size()
                                : tx.sql().execute(statement));
                      }));
    } catch (UndoException e) {
      return OptionalLong.of(e.rows);
    } catch (DataAccessException e) {
      assertThat(PostgresErrors.sqlState(e))
          .as(statement)
          .contains(PostgresErrors.INSUFFICIENT_PRIVILEGE);
      assertThat(String.valueOf(e.getCause())).doesNotContain(OTHER);
      return OptionalLong.empty();
    }
  }

  /** All that is there of the other organization, and of nobody. */
  private static String others(String table) {
    return database.read(
        sql ->
            sql.fetch("select * from %s where not (%s)".formatted(table, of(table, OWN)))
                .formatCSV());
  }

  /** A column that the role may change. */
  private static List<String> changeable(String table) {
    return database.read(
        sql ->
            sql.fetch(
                    "select column_name from information_schema.columns where table_schema = 'public' and table_name = '%1$s'"
                            .formatted(table)
                        + " and is_identity = 'NO' and has_column_privilege('mainstay_app', '%1$s', column_name, 'UPDATE') order by 1"
                            .formatted(table))
                .getValues(0, String.class));
  }

  @Test
  void nothingOfAnotherOrganizationIsReachedInAnyTable() {
    assertThat(tables).hasSizeGreaterThan(40);
    int seen = 0;
    for (String table : tables.keySet()) {
      String before = others(table);
      assertThat(before.lines().count()).as(table).isGreaterThan(1);

      OptionalLong selected = reached("select from " + table);
      assertThat(selected.orElse(1)).as(table).isEqualTo(1);
      seen += selected.isPresent() ? 1 : 0;
      if (selected.isPresent()) {
        assertThat(reached("select from %s where %s".formatted(table, of(table, OWN))))
            .as(table)
            .hasValue(1);
      }
      assertThat(reached("delete from " + table).orElse(0)).as(table).isLessThanOrEqualTo(1);
      assertThat(reached(insert(table, OTHER))).as(table).isEmpty();
      for (String column : changeable(table)) {
        assertThat(reached("update %1$s set %2$s = %2$s".formatted(table, column)))
            .as(table)
            .hasValue(1);
        if (column.equals("organization_id")
            || (column.equals("queue") && BY_QUEUE.contains(table))) {
          String others = value(table, column, "text", OTHER);
          assertThat(reached("update %s set %s = %s".formatted(table, column, others)))
              .as(table)
              .isEmpty();
        }
      }
      assertThat(others(table)).as(table).isEqualTo(before);
    }
    assertThat(seen).isGreaterThan(25);
    assertThat(reached("select from flyway_schema_history")).isEmpty();
  }

  @Test
  void withoutAnOrganizationNothingIsReached() throws Exception {
    for (String organization : List.of("reset mainstay.organization", setting(""))) {
      try (Connection connection = database.session();
          Statement statement = connection.createStatement()) {
        for (String table : tables.keySet()) {
          for (String sql :
              List.of("select from " + table, "delete from " + table, insert(table, OWN))) {
            connection.setAutoCommit(false);
            statement.execute("set local role mainstay_app");
            statement.execute(organization);
            assertThat(rows(statement, sql).orElse(0)).as(sql).isZero();
            connection.rollback();
          }
        }
      }
    }
  }

  private static String setting(String organization) {
    return "select set_config('mainstay.organization', '" + organization + "', true)";
  }

  private static OptionalLong rows(Statement statement, String sql) throws SQLException {
    try {
      if (!statement.execute(sql)) {
        return OptionalLong.of(statement.getUpdateCount());
      }
      long rows = 0;
      while (statement.getResultSet().next()) {
        rows++;
      }
      return OptionalLong.of(rows);
    } catch (SQLException e) {
      assertThat(e.getSQLState()).as(sql).isEqualTo(PostgresErrors.INSUFFICIENT_PRIVILEGE);
      return OptionalLong.empty();
    }
  }

  /** Roles belong to all databases of a server: another Mainstay's user may take this one too. */
  @Test
  void whoMayNotReadTheTablesGetsNothingByTheRole() throws Exception {
    TestPostgres.execute("create role neighbour login");
    TestPostgres.execute("grant mainstay_app to neighbour");
    String url = TestPostgres.url("neighbour", TestDatabases.PASSWORD, name);
    try (Connection connection = TestPostgres.config(url).dataSource("test").getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String role : List.of("none", TenantRole.NAME)) {
        statement.execute("set local role " + role);
        statement.execute(setting(OWN));
        assertThat(rows(statement, "select from tasks").orElse(0)).isZero();
        connection.rollback();
      }
    }
  }

  /** A migration that adds such a table has to say who sees what of it. */
  @Test
  void everyTableWithAnOrganizationHasAPolicy() {
    Set<String> owned =
        tables.entrySet().stream()
            .filter(table -> table.getValue().containsKey("organization_id"))
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(TreeSet::new));
    owned.add("organizations");
    assertThat(guarded()).containsAll(owned);
  }

  @Test
  void everyOtherTableThatATenantReachesIsKnownAndHasAPolicyToo() {
    Set<String> reachable = names("has_any_column_privilege('mainstay_app', c.oid, 'SELECT')");
    reachable.addAll(names("has_any_column_privilege('mainstay_app', c.oid, 'INSERT')"));
    reachable.addAll(names("has_any_column_privilege('mainstay_app', c.oid, 'UPDATE')"));
    reachable.addAll(names("has_table_privilege('mainstay_app', c.oid, 'DELETE')"));
    assertThat(guarded()).containsAll(reachable);
    reachable.removeIf(table -> columnsOf(table).containsKey("organization_id"));
    Set<String> known = new TreeSet<>(BY_QUEUE);
    known.addAll(BY_JOB.keySet());
    assertThat(reachable).isEqualTo(known);
    assertThat(names("has_table_privilege('mainstay_app', c.oid, 'TRUNCATE, REFERENCES, TRIGGER')"))
        .isEmpty();
  }

  /** Tables with row-level security, and one policy, which is the role's and about all commands. */
  private static Set<String> guarded() {
    return names(
        """
        c.relrowsecurity and 1 = (
          select count(*) from pg_policy p where p.polrelid = c.oid and p.polcmd = '*' and p.polpermissive
            and p.polroles = array['mainstay_app'::regrole::oid])
          and 1 = (select count(*) from pg_policy p where p.polrelid = c.oid)""");
  }

  private static Set<String> names(String condition) {
    return new TreeSet<>(
        database.<List<String>>read(
            sql ->
                sql.fetch(
                        "select relname from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and "
                            + condition)
                    .getValues(0, String.class)));
  }

  @Test
  void noHashOfASecretIsReadForATenant() {
    assertThat(
            database.<List<String>>read(
                sql ->
                    sql.fetch(
                            "select table_name || '.' || column_name from information_schema.columns where table_schema = 'public' and "
                                + SECRET_COLUMNS
                                + " and has_column_privilege('mainstay_app', table_name, column_name, 'SELECT')")
                        .getValues(0, String.class)))
        .isEmpty();
    assertThat(
            database.<Object>read(
                sql ->
                    sql.fetchValue(
                        "select count(*) from information_schema.columns where table_schema = 'public' and "
                            + SECRET_COLUMNS)))
        .isNotEqualTo(0L);
    assertThat(reached("select secret_hash from api_keys")).isEmpty();
  }
}
