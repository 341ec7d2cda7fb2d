package dev.mainstay.server.platform;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL, which any number of processes share. Transactions are read committed and run at the
 * same time: whoever reads first and writes later locks the row, or a name, in between. As durable
 * as the server is set up to be, which by default is {@code synchronous_commit=on}.
 */
public final class PostgresDatabase implements Database {
  private static final Logger log = LoggerFactory.getLogger(PostgresDatabase.class);

  /** How long a caller waits for a connection before the database counts as busy. */
  private static final Duration BUSY = Duration.ofSeconds(5);

  /** No statement of ours takes so long, but the vacuum of a huge table, which may fail. */
  private static final Duration ANSWER = Duration.ofMinutes(2);

  /** A transaction that was chosen as the victim of a deadlock is run again so often. */
  private static final int ATTEMPTS = 5;

  private static final long MAX_PAUSE_MILLIS = 50;

  private static final ScopedValue<Boolean> WRITING = ScopedValue.newInstance();

  private final DataSource sessions;
  private final DataSource maintenance;
  private final PostgresWatch watch;
  private final Searches searches;
  private final HikariDataSource writers;
  private final HikariDataSource readers;
  private final TenantRole tenantRole;
  private final RenderedStatements rendered =
      new RenderedStatements(DSL.using(SQLDialect.POSTGRES));
  private volatile boolean closed;

  private PostgresDatabase(PostgresConfig config, String applicationName, TenantRole tenantRole) {
    this.sessions = config.dataSource(applicationName);
    this.tenantRole = tenantRole;
    DataSource pooled = config.dataSource(applicationName, ANSWER);
    this.maintenance = pooled;
    int connections = config.connections();
    // Two pools: who writes and reads something meanwhile must not wait for other writers.
    this.writers = pool("postgres-writers", pooled, (connections + 1) / 2, false);
    this.readers = pool("postgres-readers", pooled, connections / 2, true);
    // Most of the readers stay free.
    this.searches = new Searches(Math.max(1, connections / 8));
    this.watch =
        new PostgresWatch(
            config.dataSource(applicationName, PostgresWatch.ANSWER), this::dropConnections);
  }

  /** As {@link #open(PostgresConfig, String, Deadline)}, from now on. */
  static PostgresDatabase open(PostgresConfig config, String applicationName) {
    return open(config, applicationName, Deadline.in(config.patience()));
  }

  /**
   * Connects, waiting a while for a server that is just starting, and migrates to the present
   * schema.
   *
   * @throws SettingException if the database cannot be used, with the reason in one sentence
   */
  static PostgresDatabase open(PostgresConfig config, String applicationName, Deadline deadline) {
    TenantRole tenantRole = new PostgresCheck(config, applicationName, deadline).run();
    return new PostgresDatabase(config, applicationName, tenantRole);
  }

  private static HikariDataSource pool(
      String name, DataSource sessions, int connections, boolean readOnly) {
    HikariConfig pool = new HikariConfig();
    pool.setPoolName(name);
    pool.setDataSource(sessions);
    pool.setMaximumPoolSize(connections);
    pool.setMinimumIdle(1);
    pool.setConnectionTimeout(BUSY.toMillis());
    // Whatever the database's own default is.
    pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    pool.setAutoCommit(false);
    // Each transaction begins as one that reads; the session is told nothing that would stay.
    pool.setReadOnly(readOnly);
    // What looks whether an idle connection still holds leaves no transaction open on it.
    pool.setIsolateInternalQueries(true);
    return new HikariDataSource(pool);
  }

  private static DSLContext dsl(Connection connection) {
    return DSL.using(
        connection,
        SQLDialect.POSTGRES,
        new Settings().withRenderSchema(false).withExecuteLogging(false));
  }

  @Override
  public <T extends @Nullable Object> T write(Function<Tx, T> work) {
    if (WRITING.isBound()) {
      throw new IllegalStateException("a transaction must not open another one");
    }
    requireOpen();
    try (PostgresWatch.Pending<T> pending = watch.begin()) {
      return Uninterrupted.call(
          "postgres-write",
          pending.done(),
          () -> ScopedValue.where(WRITING, true).call(() -> repeat(pending, work)));
    }
  }

  /** Those that nobody uses now end, the others when they are given back. */
  private void dropConnections() {
    for (HikariDataSource pool : List.of(writers, readers)) {
      if (pool.getHikariPoolMXBean() != null) {
        pool.getHikariPoolMXBean().softEvictConnections();
      }
    }
  }

  /**
   * A transaction that lost a deadlock, or its connection before it began to commit, has changed
   * nothing, and its work is made to be repeated.
   */
  private <T extends @Nullable Object> T repeat(
      PostgresWatch.Pending<T> pending, Function<Tx, T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(pending, work);
      } catch (RuntimeException e) {
        if (PostgresErrors.mayRepeat(e)) {
          pending.undone();
        }
        boolean nothingHappened =
            PostgresErrors.mayRepeat(e) || (PostgresErrors.cut(e) && pending.isOpen());
        if (attempt == ATTEMPTS || closed || !nothingHappened) {
          throw e;
        }
        log.debug("A transaction is run again", e);
        LockSupport.parkNanos(
            TimeUnit.MILLISECONDS.toNanos(
                ThreadLocalRandom.current().nextLong(1, MAX_PAUSE_MILLIS * attempt)));
      }
    }
  }

  private record Committed<T extends @Nullable Object>(T result, Tx tx) {}

  private <T extends @Nullable Object> T once(
      PostgresWatch.Pending<T> pending, Function<Tx, T> work) {
    Committed<T> committed;
    try (Connection connection = writers.getConnection()) {
      committed = commit(connection, pending, work);
    } catch (SQLException e) {
      throw failure("The transaction failed", e);
    }
    committed.tx().runActions();
    return committed.result();
  }

  private <T extends @Nullable Object> Committed<T> commit(
      Connection connection, PostgresWatch.Pending<T> pending, Function<Tx, T> work)
      throws SQLException {
    try (KeptStatements kept = new KeptStatements(connection, rendered)) {
      Optional<Tenant> tenant = Tenant.current();
      if (tenant.isPresent()) {
        tenantRole.enter(connection, tenant.get());
      }
      Tx tx =
          new Tx(
              dsl(connection),
              connection,
              kept,
              TxLocks.ADVISORY,
              tenant.isPresent() ? tenantRole.confinement() : TxConfinement.NONE);
      T result = work.apply(tx);
      pending.commits();
      connection.commit();
      return new Committed<>(result, tx);
    } catch (SQLException | RuntimeException | Error e) {
      rollback(connection, e);
      throw e;
    }
  }

  private static void rollback(Connection connection, Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // The connection is gone, and its transaction with it.
      cause.addSuppressed(e);
    }
  }

  @Override
  public <T extends @Nullable Object> T read(Function<DSLContext, T> work) {
    return reading(connection -> work.apply(dsl(connection)));
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
    try {
      return reading(
          connection -> {
            DSLContext sql = dsl(connection);
            sql.settings().setQueryTimeout((int) SEARCH_LIMIT.toSeconds());
            return work.apply(sql);
          });
    } catch (RuntimeException e) {
      if (PostgresErrors.sqlState(e).filter(PostgresErrors.QUERY_CANCELED::equals).isPresent()) {
        throw Searches.tooLong(SEARCH_LIMIT);
      }
      throw e;
    }
  }

  @Override
  public <T> List<T> fetch(
      KeptStatement statement, RowReader<T> reader, @Nullable Object... values) {
    return reading(
        connection -> {
          try (KeptStatements kept = new KeptStatements(connection, rendered)) {
            return kept.fetch(statement, reader, values);
          }
        });
  }

  private <T extends @Nullable Object> T reading(Function<Connection, T> work) {
    requireOpen();
    try (PostgresWatch.Pending<T> pending = watch.begin()) {
      return Uninterrupted.call("postgres-read", pending.done(), () -> readAgain(work));
    }
  }

  /** What was read over a connection that the server had ended is read over another one. */
  private <T extends @Nullable Object> T readAgain(Function<Connection, T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return readOnce(work);
      } catch (RuntimeException e) {
        if (attempt == ATTEMPTS || closed || !PostgresErrors.cut(e)) {
          throw e;
        }
        log.debug("A read is done again", e);
      }
    }
  }

  private <T extends @Nullable Object> T readOnce(Function<Connection, T> work) {
    try (Connection connection = readers.getConnection()) {
      try {
        Optional<Tenant> tenant = Tenant.current();
        if (tenant.isPresent()) {
          tenantRole.enter(connection, tenant.get());
        }
        T result = work.apply(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        rollback(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw failure("The database cannot be read", e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the database is closed");
    }
  }

  private RuntimeException failure(String message, SQLException e) {
    return closed
        ? new IllegalStateException("the database is closed", e)
        : new DataAccessException(message + ": " + e.getMessage(), e);
  }

  /** For what runs outside of transactions, on a connection of its own. */
  <T> T maintain(Function<Connection, T> work) {
    requireOpen();
    try (Connection connection = maintenance.getConnection()) {
      return work.apply(connection);
    } catch (SQLException e) {
      throw failure("The database cannot be maintained", e);
    }
  }

  /** A connection outside of the pools, for a session of its own, which the caller closes. */
  public Connection session() throws SQLException {
    return sessions.getConnection();
  }

  @Override
  public void close() {
    closed = true;
    watch.close();
    writers.close();
    readers.close();
  }
}
