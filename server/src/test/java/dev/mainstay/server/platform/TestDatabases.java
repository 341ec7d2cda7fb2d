package dev.mainstay.server.platform;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The database that belongs to a data directory: its SQLite file, or with {@code
 * -Dmainstay.test.database=postgres} a PostgreSQL database of its own.
 */
public final class TestDatabases {
  public static final boolean POSTGRES =
      "postgres".equals(System.getProperty("mainstay.test.database"));

  /** The password in the URL; the server lets everybody in from here. */
  public static final String PASSWORD = "database-canary-4e8d2b";

  /** The key of all nodes on one PostgreSQL database; SQLite's is in its data directory. */
  public static final String SECRET_KEY = "dGVzdC1jYW5hcnktb2YtdGhpcnR5LXR3by1ieXRlcyE=";

  /** What of the queue's tables has no name of a queue; its rows go with their jobs. */
  private static final Set<String> JOB_TABLES =
      Set.of("queue_job_logs", "queue_parents", "queue_children");

  private static final Map<Path, String> URLS = new ConcurrentHashMap<>();

  private TestDatabases() {}

  /** What a server on this data directory has to be told, by the names of the variables. */
  public static Map<String, String> settings(Path data) {
    return POSTGRES
        ? Map.of(
            Setting.DATABASE_URL.variable(), url(data), Setting.SECRET_KEY.variable(), SECRET_KEY)
        : Map.of();
  }

  /** The key that a server on this data directory has. */
  public static Keyring keyring(Path data, Database database) {
    Map<String, String> settings = new HashMap<>(settings(data));
    settings.put(Setting.DATA.variable(), data.toString());
    return Keyring.open(ServerConfig.from(Settings.ofOnly(settings)), database, Clock.systemUTC());
  }

  /** Gives a data directory the same database as another one: two nodes. */
  public static void share(Path data, Path with) {
    URLS.put(data.toAbsolutePath().normalize(), url(with));
  }

  /**
   * Gives a data directory, before a server is started on it, a PostgreSQL database of an ordinary
   * user, for whom row-level security holds where {@link #closedToTheServer} says so.
   */
  public static void ordinary(Path data) {
    if (POSTGRES) {
      String name = TestPostgres.newDatabaseOfItsOwner();
      URLS.put(
          data.toAbsolutePath().normalize(), TestPostgres.url(name, TestDatabases.PASSWORD, name));
    }
  }

  /**
   * Hides what belongs to organizations from the server itself until this is closed, so that it
   * only reaches what it works on for a tenant. It keeps what it needs to know who asks, and its
   * own queues.
   *
   * @param open tables that it keeps too
   */
  public static AutoCloseable closedToTheServer(Path data, String... open) {
    String names =
        """
        select array_agg(relname::text) from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r' and has_any_column_privilege('mainstay_app', oid, 'SELECT')
          and relname not in ('api_keys', 'members', 'organization_roles', 'sessions')""";
    Database database = open(data);
    List<String> tables =
        Arrays.stream(database.<String[]>read(sql -> sql.fetchSingle(names).get(0, String[].class)))
            .filter(table -> !Set.of(open).contains(table))
            .toList();
    database.execute(
        tx -> {
          for (String table : tables) {
            tx.sql().execute("alter table " + table + " force row level security");
            if (table.startsWith("queue_") && !JOB_TABLES.contains(table)) {
              tx.sql()
                  .execute(
                      "create policy server on %s to current_user using (strpos(queue, '/') = 0)"
                          .formatted(table));
            }
          }
        });
    return () -> {
      database.execute(
          tx -> {
            for (String table : tables) {
              tx.sql().execute("alter table " + table + " no force row level security");
              tx.sql().execute("drop policy if exists server on " + table);
            }
          });
      database.close();
    };
  }

  /** Ends all connections to the PostgreSQL database, as a restart of its server does. */
  public static void cutConnections(Path data) {
    String name = PostgresConfig.parse(url(data)).database();
    TestPostgres.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
  }

  private static String url(Path data) {
    return URLS.computeIfAbsent(
        data.toAbsolutePath().normalize(), path -> TestPostgres.url(TestPostgres.newDatabase()));
  }

  /** All rows of all tables, as text. */
  public static String dump(Path data) {
    try (Database database = open(data)) {
      StringBuilder text = new StringBuilder();
      List<String> tables =
          database.read(
              sql ->
                  POSTGRES
                      ? sql.fetch(
                              "select tablename from pg_tables where schemaname = current_schema()")
                          .getValues(0, String.class)
                      : sql.fetch("select name from sqlite_master where type = 'table'")
                          .getValues(0, String.class));
      for (String table : tables) {
        text.append(table)
            .append('\n')
            .append(
                database.<String>read(
                    sql -> sql.fetch("select * from \"" + table + "\"").formatCSV()));
      }
      return text.toString();
    }
  }

  /** Opens it beside a server, or before one is started. */
  public static Database open(Path data) {
    if (POSTGRES) {
      return PostgresDatabase.open(TestPostgres.config(url(data)), "test");
    }
    DataDirectory.create(data);
    return SqliteDatabase.open(DataDirectory.databaseFile(data), SqliteDatabase.Durability.NORMAL);
  }
}
