package dev.mainstay.server.platform;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks, at a start, whether the database can be used, and brings it to the present schema. */
final class PostgresCheck {
  private static final Logger log = LoggerFactory.getLogger(PostgresCheck.class);

  /** {@code server_version_num} of PostgreSQL 15. */
  static final int OLDEST = 150_000;

  private static final String NO_RIGHTS = "the user may not read and write Mainstay's tables in it";

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final String SHARED_SESSIONS =
      "a pooler before it gives each transaction another session, and Mainstay needs sessions of"
          + " its own; set pool_mode = session in PgBouncer, or connect directly";

  private final PostgresConfig config;
  private final DataSource sessions;
  private final DataSource probes;

  private final Deadline deadline;
  private boolean told;

  /**
   * @param deadline of the whole start, whatever it waits for
   */
  PostgresCheck(PostgresConfig config, String applicationName, Deadline deadline) {
    this.config = config;
    this.sessions = config.dataSource(applicationName);
    this.probes = PostgresPooler.probes(config, applicationName);
    this.deadline = deadline;
  }

  /** What the server says about itself and the connection. */
  record Facts(
      int version, String versionText, String encoding, boolean replica, boolean mayCreate) {}

  /**
   * @return how to work for a tenant
   * @throws SettingException if the database cannot be used, with the reason in one sentence
   */
  TenantRole run() {
    while (true) {
      try {
        return once();
      } catch (TenantRoleCheck.UnusableException e) {
        throw unusable(e.reason());
      } catch (SQLException | org.flywaydb.core.api.FlywayException e) {
        // A session that was ended in the middle says nothing about the next one.
        if (!PostgresErrors.cut(e) || deadline.isOver()) {
          throw unusable(
              PostgresErrors.sqlState(e)
                      .filter(PostgresErrors.INSUFFICIENT_PRIVILEGE::equals)
                      .isPresent()
                  ? NO_RIGHTS
                  : PostgresErrors.reason(e));
        }
        log.debug("The check of the database is made again", e);
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  private TenantRole once() throws SQLException, TenantRoleCheck.UnusableException {
    try (Connection connection = connect()) {
      Facts facts = facts(connection);
      require(facts);
      if (PostgresPooler.sharesSessions(connection, probes)) {
        throw unusable(SHARED_SESSIONS);
      }
      TenantRoleCheck role = new TenantRoleCheck(connection, facts.version());
      switch (Migrations.POSTGRES.state(connection)) {
        case CURRENT -> role.ensure();
        case NEWER ->
            throw unusable(
                "its schema was made by a newer version of Mainstay than this one (%s)"
                    .formatted(Migrations.LATEST));
        case OLDER -> {
          if (!facts.mayCreate()) {
            throw unusable(
                "the user may not create tables in its schema, which this version needs to do");
          }
          role.ensure();
          migrate(connection);
        }
      }
      if (!mayUseTables(connection)) {
        throw unusable(NO_RIGHTS);
      }
      return role.role();
    }
  }

  /**
   * One node after the other: Flyway's own lock begins when its table is there, which another node
   * may then find without its first row.
   */
  private void migrate(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try {
      TxLocks.ADVISORY.take(connection, "migrate");
      Migrations.POSTGRES.migrate(sessions);
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private Connection connect() throws SQLException {
    while (true) {
      try {
        return sessions.getConnection();
      } catch (SQLException e) {
        if (!PostgresErrors.comingUp(e) || deadline.isOver()) {
          throw e;
        }
        if (!told) {
          told = true;
          log.info(
              "{} does not answer yet ({}); waiting up to {} s for it",
              config.url(),
              PostgresErrors.reason(e),
              config.patience().toSeconds());
        }
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  private static Facts facts(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select current_setting('server_version_num')::int, current_setting('server_version'),
                  current_setting('server_encoding'), pg_is_in_recovery(),
                  coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)
                """)) {
      row.next();
      return new Facts(
          row.getInt(1), row.getString(2), row.getString(3), row.getBoolean(4), row.getBoolean(5));
    }
  }

  void require(Facts facts) {
    if (facts.version() < OLDEST) {
      throw unusable(
          "it is PostgreSQL %s, and 15 or newer is needed".formatted(facts.versionText()));
    }
    if (!facts.encoding().equals("UTF8")) {
      throw unusable("its encoding is %s, and UTF8 is needed".formatted(facts.encoding()));
    }
    if (facts.replica()) {
      throw unusable("it is a replica, which can only be read");
    }
  }

  private static boolean mayUseTables(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select bool_and(has_table_privilege(oid, 'SELECT') and has_table_privilege(oid, 'INSERT')
                  and has_table_privilege(oid, 'UPDATE') and has_table_privilege(oid, 'DELETE'))
                from pg_class
                where oid in ('organizations'::regclass, 'tasks'::regclass, 'task_events'::regclass, 'queue_jobs'::regclass)
                """)) {
      return row.next() && row.getBoolean(1);
    }
  }

  private SettingException unusable(String reason) {
    return new SettingException(
        "%s leads to %s, which cannot be used: %s"
            .formatted(Setting.DATABASE_URL.variable(), config.url(), reason));
  }
}
