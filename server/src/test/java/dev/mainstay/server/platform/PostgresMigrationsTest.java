package dev.mainstay.server.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.sql.DataSourceTransactions;
import dev.mainstay.queue.sql.Dialect;
import dev.mainstay.queue.sql.SqlTaskQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same tables on both databases, and in the queue's library. */
@Tag("postgres")
class PostgresMigrationsTest {
  /** What SQLite's declared types are in PostgreSQL. */
  private static final Map<String, String> TYPES =
      Map.of(
          "TEXT", "text",
          "INTEGER", "integer",
          "BIGINT", "bigint",
          "BOOLEAN", "boolean",
          "DOUBLE PRECISION", "double precision",
          "BLOB", "bytea");

  @TempDir private Path directory;

  private static Database migrated() {
    return PostgresDatabase.open(
        TestPostgres.config(TestPostgres.url(TestPostgres.newDatabase())), "test");
  }

  private static List<String> lines(DSLContext sql, String query) {
    return sql.fetch(query).stream().map(Record::toString).toList();
  }

  private static List<String> queueSchema(DSLContext sql) {
    List<String> all = new java.util.ArrayList<>();
    all.addAll(
        lines(
            sql,
            """
            select table_name, ordinal_position, column_name, data_type, is_nullable, column_default, collation_name,
              is_identity, identity_generation
            from information_schema.columns
            where table_schema = 'public' and table_name like 'queue\\_%' order by 1, 2"""));
    all.addAll(
        lines(
            sql,
            "select indexdef from pg_indexes where schemaname = 'public' and tablename like 'queue\\_%' order by 1"));
    all.addAll(
        lines(
            sql,
            """
            select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
            where contype <> 'n' and conrelid::regclass::text like 'queue\\_%' order by 1, 2"""));
    return all;
  }

  @Test
  void theQueueHasTheSchemaThatItsLibraryDescribes() {
    DataSource source =
        TestPostgres.config(TestPostgres.url(TestPostgres.newEmptyDatabase())).dataSource("test");
    List<String> library;
    try (DataSourceTransactions transactions =
        new DataSourceTransactions(source, Dialect.postgres())) {
      SqlTaskQueue.createSchema(transactions, Dialect.postgres());
      library = transactions.read(connection -> queueSchema(org.jooq.impl.DSL.using(connection)));
    }
    try (Database own = migrated()) {
      assertThat(own.<List<String>>read(PostgresMigrationsTest::queueSchema))
          .hasSizeGreaterThan(80)
          .isEqualTo(library);
    }
  }

  /** A column as both databases have it. */
  private record Column(String name, String type, boolean nullable) {}

  private static void put(Map<String, Map<String, Column>> tables, String table, Column column) {
    tables.computeIfAbsent(table, key -> new TreeMap<>()).put(column.name(), column);
  }

  private static Map<String, Map<String, Column>> postgresTables(DSLContext sql) {
    Map<String, Map<String, Column>> tables = new TreeMap<>();
    sql.fetch(
            """
            select table_name, column_name, data_type, is_nullable from information_schema.columns
            where table_schema = 'public' and table_name not like 'flyway%'""")
        .forEach(
            row ->
                put(
                    tables,
                    row.get(0, String.class),
                    new Column(
                        row.get(1, String.class),
                        row.get(2, String.class),
                        row.get(3, String.class).equals("YES"))));
    return tables;
  }

  private static Map<String, Map<String, Column>> sqliteTables(DSLContext sql) {
    Map<String, Map<String, Column>> tables = new TreeMap<>();
    sql.fetch(
            """
            select t.name, c.name, c.type, c."notnull", c.pk, t.sql from sqlite_master t, pragma_table_info(t.name) c
            where t.type = 'table' and t.name not like 'flyway%' and t.name not like 'sqlite%'""")
        .forEach(
            row -> {
              String type = row.get(2, String.class);
              // SQLite's row number is PostgreSQL's identity, and what refers to it has its size.
              boolean number =
                  row.get(5, String.class).contains(row.get(1, String.class) + " ")
                      && type.equals("INTEGER")
                      && row.get(1, String.class).matches("(.*_)?sequence|number");
              put(
                  tables,
                  row.get(0, String.class),
                  new Column(
                      row.get(1, String.class),
                      number ? "bigint" : TYPES.getOrDefault(type, "unknown: " + type),
                      row.get(3, Integer.class) == 0 && row.get(4, Integer.class) == 0));
            });
    return tables;
  }

  @Test
  void bothDatabasesHaveTheSameTablesAndColumns() {
    try (Database postgres = migrated();
        Database sqlite =
            SqliteDatabase.open(directory.resolve("test.db"), SqliteDatabase.Durability.NORMAL)) {
      Map<String, Map<String, Column>> expected = sqlite.read(PostgresMigrationsTest::sqliteTables);
      Map<String, Map<String, Column>> actual =
          postgres.read(PostgresMigrationsTest::postgresTables);
      assertThat(actual.keySet()).hasSizeGreaterThan(15).isEqualTo(expected.keySet());
      expected.forEach(
          (table, columns) -> assertThat(actual.get(table)).as(table).isEqualTo(columns));
      assertThat(indexes(postgres, "select indexname from pg_indexes where schemaname = 'public'"))
          .containsAll(
              indexes(
                  sqlite,
                  "select name from sqlite_master where type = 'index' and sql is not null"));
    }
  }

  private static Set<String> indexes(Database database, String query) {
    Set<String> names =
        new TreeSet<>(
            database.<List<String>>read(sql -> sql.fetch(query).getValues(0, String.class)));
    names.removeIf(name -> name.startsWith("flyway"));
    return names;
  }

  /** So that lists have the same order on both databases. */
  @Test
  void textOfTheServersOwnTablesComparesByteByByte() {
    try (Database postgres = migrated()) {
      assertThat(
              postgres.<List<String>>read(
                  sql ->
                      lines(
                          sql,
                          """
                          select table_name, column_name from information_schema.columns
                          where table_schema = 'public' and data_type = 'text' and collation_name is distinct from 'C'
                            and table_name not like 'flyway%' and table_name not like 'queue\\_%'""")))
          .isEmpty();
    }
  }

  @Test
  void bothFoldersHaveTheSameVersionsFromTheFirstOfPostgresOn() throws Exception {
    List<Integer> postgres = versions("src/main/resources/db/postgres");
    assertThat(postgres.getLast()).isEqualTo(Integer.parseInt(Migrations.LATEST));
    assertThat(postgres)
        .isEqualTo(
            versions("src/main/resources/db/migration").stream()
                .filter(version -> version >= postgres.getFirst())
                .toList());
  }

  private static List<Integer> versions(String folder) throws Exception {
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      return files
          .map(file -> file.getFileName().toString().replaceFirst("^V(\\d+)__.*", "$1"))
          .map(Integer::parseInt)
          .sorted()
          .toList();
    }
  }
}
