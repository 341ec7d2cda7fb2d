package dev.mainstay.server.platform;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

/**
 * The embedded store: one file in WAL mode, one writer with group commit, a few readers. Commits
 * are durable ({@code synchronous=FULL}: the WAL is synced at each commit) unless configured
 * otherwise.
 */
public final class SqliteDatabase implements Database {
  private static final int READERS = 6;
  private static final int SEARCHES = 2;

  /** So many steps of SQLite's virtual machine pass between two looks at the clock. */
  private static final int STEPS = 100_000;

  private static final int INTERRUPTED = 9;
  private static final Duration PATIENT = Duration.ofSeconds(10);

  /** A server's callers wait for an answer; what it does for nobody is done again. */
  static final Duration IMPATIENT = Duration.ofMillis(900);

  private final GroupCommitWriter writer;
  private final HikariDataSource readers;
  private final Searches searches = new Searches(SEARCHES);
  private final RenderedStatements rendered = new RenderedStatements(DSL.using(SQLDialect.SQLITE));

  /** By the reader's own connection; the statements end with it. */
  private final Map<Connection, KeptStatements> kept = new ConcurrentHashMap<>();

  private SqliteDatabase(GroupCommitWriter writer, HikariDataSource readers) {
    this.writer = writer;
    this.readers = readers;
  }

  /** Opens (and creates) the file, and migrates it to the present schema. */
  public static SqliteDatabase open(Path file, Durability durability) {
    return open(file, durability, PATIENT);
  }

  /**
   * @param busy how long a transaction waits for one of another process, such as a shell command
   */
  static SqliteDatabase open(Path file, Durability durability, Duration busy) {
    EmptyDatabase.createIfMissing(file);
    SQLiteDataSource patient = new SQLiteDataSource(config(durability, false, PATIENT));
    patient.setUrl("jdbc:sqlite:" + file);
    migrate(file, patient);
    SQLiteDataSource write = new SQLiteDataSource(config(durability, false, busy));
    write.setUrl("jdbc:sqlite:" + file);
    SQLiteDataSource read = new SQLiteDataSource(config(durability, true, PATIENT));
    read.setUrl("jdbc:sqlite:" + file);
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("sqlite-readers");
    pool.setDataSource(read);
    pool.setMaximumPoolSize(READERS);
    pool.setMinimumIdle(1);
    pool.setReadOnly(true);
    try {
      return new SqliteDatabase(
          new GroupCommitWriter(write::getConnection), new HikariDataSource(pool));
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot open the database " + file, e);
    }
  }

  private static void migrate(Path file, SQLiteDataSource source) {
    try (Connection connection = source.getConnection()) {
      switch (Migrations.SQLITE.state(connection)) {
        case CURRENT -> {}
        case OLDER -> Migrations.SQLITE.migrate(source);
        case NEWER ->
            throw new SettingException(
                "The database %s was made by a newer version of Mainstay than this one (schema %s)"
                    .formatted(file, Migrations.LATEST));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot open the database " + file, e);
    }
  }

  /** What a power cut may take. */
  public enum Durability {
    /** Nothing that was acknowledged. */
    FULL,
    /** The last moments before a power cut; nothing at a crash of the process. */
    NORMAL
  }

  private static SQLiteConfig config(Durability durability, boolean readOnly, Duration busy) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(
        durability == Durability.FULL
            ? SQLiteConfig.SynchronousMode.FULL
            : SQLiteConfig.SynchronousMode.NORMAL);
    config.enforceForeignKeys(true);
    config.setBusyTimeout((int) busy.toMillis());
    config.setReadOnly(readOnly);
    return config;
  }

  static DSLContext dsl(Connection connection) {
    return DSL.using(
        connection,
        SQLDialect.SQLITE,
        new Settings().withRenderSchema(false).withExecuteLogging(false));
  }

  @Override
  public <T extends @Nullable Object> T write(Function<Tx, T> work) {
    return writer.write(work);
  }

  @Override
  public <T extends @Nullable Object> T read(Function<DSLContext, T> work) {
    try (Connection connection = readers.getConnection()) {
      return work.apply(dsl(connection));
    } catch (SQLException e) {
      throw new IllegalStateException("The database cannot be read", e);
    }
  }

  @Override
  public <T extends @Nullable Object> T search(
      String organizationId, Function<DSLContext, T> work) {
    return searches.run(organizationId, () -> limited(work));
  }

  @Override
  public <T extends @Nullable Object> T searching(String organizationId, Supplier<T> work) {
    return searches.run(organizationId, work);
  }

  private <T extends @Nullable Object> T limited(Function<DSLContext, T> work) {
    long end = System.nanoTime() + SEARCH_LIMIT.toNanos();
    try (Connection connection = readers.getConnection()) {
      Connection own = connection.unwrap(SQLiteConnection.class);
      ProgressHandler.setHandler(
          own,
          STEPS,
          new ProgressHandler() {
            @Override
            protected int progress() {
              return System.nanoTime() - end < 0 ? 0 : 1;
            }
          });
      try {
        return work.apply(dsl(connection));
      } finally {
        ProgressHandler.clearHandler(own);
      }
    } catch (SQLException | DataAccessException e) {
      if (StorageErrors.sqliteCode(e) == INTERRUPTED) {
        throw Searches.tooLong(SEARCH_LIMIT);
      }
      throw e instanceof DataAccessException failure
          ? failure
          : new IllegalStateException("The database cannot be read", e);
    }
  }

  @Override
  public <T> List<T> fetch(
      KeptStatement statement, RowReader<T> reader, @Nullable Object... values) {
    try (Connection connection = readers.getConnection()) {
      return kept(connection.unwrap(SQLiteConnection.class)).fetch(statement, reader, values);
    } catch (SQLException e) {
      throw new IllegalStateException("The database cannot be read", e);
    }
  }

  private KeptStatements kept(Connection connection) {
    KeptStatements known = kept.get(connection);
    if (known != null) {
      return known;
    }
    kept.keySet().removeIf(SqliteDatabase::isClosed); // another one has come in its place
    KeptStatements made = new KeptStatements(connection, rendered);
    kept.put(connection, made);
    return made;
  }

  private static boolean isClosed(Connection connection) {
    try {
      return connection.isClosed();
    } catch (SQLException e) {
      throw new IllegalStateException("A connection does not know whether it is closed", e);
    }
  }

  /** One more connection for reading, which the caller closes. */
  public Connection watcher() throws SQLException {
    return readers.getDataSource().getConnection();
  }

  @Override
  public void close() {
    writer.close();
    readers.close();
  }
}
