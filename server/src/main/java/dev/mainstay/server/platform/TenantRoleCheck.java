package dev.mainstay.server.platform;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sees to it that {@link TenantRole} is there, can do nothing by itself, and may be taken by the
 * user of the connection. Roles belong to all databases of a server, so another Mainstay may have
 * made it, or may be about to.
 */
final class TenantRoleCheck {
  /** {@code server_version_num} from which a membership says whether the role may be taken. */
  private static final int SET_OPTION = 160_000;

  /** Two that make or grant the role at once: one of them fails, and finds it done. */
  private static final Set<String> OVERTAKEN = Set.of("42710", "23505", "XX000");

  private static final int ATTEMPTS = 10;
  private static final long MAX_PAUSE_MILLIS = 50;

  private static final String CREATE =
      "create role %s nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication"
          .formatted(TenantRole.NAME);

  private static final String STATE =
      """
      select r.rolsuper or r.rolbypassrls or r.rolcreatedb or r.rolcreaterole or r.rolreplication or r.rolcanlogin,
        exists (select from pg_shdepend where refclassid = 'pg_authid'::regclass and refobjid = r.oid and deptype = 'o'),
        exists (select from pg_auth_members where member = r.oid),
        pg_has_role(session_user, r.oid, ?)
      from pg_roles r where r.rolname = ?""";

  private static final String RIGHTS =
      """
      select row_security_active('tasks') or not has_table_privilege(session_user, 'keyring', 'SELECT'),
        has_table_privilege(r.oid, 'tasks', 'SELECT')
          and exists (select from pg_policy where polrelid = 'tasks'::regclass and r.oid = any (polroles)),
        (select min(c.relname) from pg_class c
         where c.relnamespace = (select relnamespace from pg_class where oid = 'tasks'::regclass) and c.relkind in ('r', 'p')
           and not c.relrowsecurity and has_any_column_privilege(r.oid, c.oid, 'SELECT')
           and exists (select from pg_attribute where attrelid = c.oid and attname in ('organization_id', 'queue')))
      from pg_roles r where r.rolname = ?""";

  private static final String PATH =
      "select coalesce(string_agg(quote_ident(name), ', '), '') from unnest(current_schemas(false)) name";

  private final Connection connection;
  private final int version;

  /**
   * @param connection in auto-commit mode
   * @param version {@code server_version_num}
   */
  TenantRoleCheck(Connection connection, int version) {
    this.connection = connection;
    this.version = version;
  }

  /** Why the database cannot be used, in one clause. */
  static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    UnusableException(String reason) {
      super(reason);
      this.reason = reason;
    }

    String reason() {
      return reason;
    }
  }

  private record State(boolean powerful, boolean owner, boolean member, boolean mayBeTaken) {}

  /** Makes and grants the role as far as that is needed. */
  void ensure() throws SQLException, UnusableException {
    for (int attempt = 1; ; attempt++) {
      try {
        make();
        return;
      } catch (SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.equals(PostgresErrors.INSUFFICIENT_PRIVILEGE)) {
          throw new UnusableException(
              "an administrator has to run %s; grant %s to %s"
                  .formatted(CREATE, TenantRole.NAME, text("select quote_ident(session_user)")));
        }
        if (!OVERTAKEN.contains(state) || attempt == ATTEMPTS) {
          throw e;
        }
        LockSupport.parkNanos(
            TimeUnit.MILLISECONDS.toNanos(
                ThreadLocalRandom.current().nextLong(1, MAX_PAUSE_MILLIS)));
      }
    }
  }

  private void make() throws SQLException, UnusableException {
    Optional<State> found = state();
    if (found.isEmpty()) {
      execute(CREATE);
      found = state();
    }
    State state = found.orElseThrow();
    if (state.powerful() || state.owner() || state.member()) {
      throw new UnusableException(
          "the role %s must not log in, be or make more than it is, own anything or be a member of another role"
              .formatted(TenantRole.NAME));
    }
    if (!state.mayBeTaken()) {
      // The membership is for SET ROLE alone; before PostgreSQL 16 that cannot be said.
      execute(
          "grant %s to %s%s"
              .formatted(
                  TenantRole.NAME,
                  text("select quote_ident(session_user)"),
                  version >= SET_OPTION ? " with inherit false, set true" : ""));
    }
  }

  private Optional<State> state() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(STATE)) {
      statement.setString(1, version >= SET_OPTION ? "SET" : "MEMBER");
      statement.setString(2, TenantRole.NAME);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new State(
                    row.getBoolean(1), row.getBoolean(2), row.getBoolean(3), row.getBoolean(4)))
            : Optional.empty();
      }
    }
  }

  /** Looks whether the tables of the present schema are the role's as far as they should be. */
  TenantRole role() throws SQLException, UnusableException {
    try (PreparedStatement statement = connection.prepareStatement(RIGHTS)) {
      statement.setString(1, TenantRole.NAME);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (row.getBoolean(1)) {
          throw new UnusableException(
              "the user must own Mainstay's tables, inherit from the role that does, or have BYPASSRLS");
        }
        if (!row.getBoolean(2)) {
          throw new UnusableException(
              "its tables give the role %s no rights, as after a restore into a server that did not have the role"
                  .formatted(TenantRole.NAME));
        }
        String open = row.getString(3);
        if (open != null) {
          throw new UnusableException(
              "the role %s may read its table %s, which has no row-level security"
                  .formatted(TenantRole.NAME, open));
        }
      }
    }
    return new TenantRole(text("select current_setting('role')"), searchPath());
  }

  /** {@code "$user"} in the search path is another schema for each role. */
  private Optional<String> searchPath() throws SQLException {
    String own = text(PATH);
    connection.setAutoCommit(false);
    try {
      text("select set_config('role', '" + TenantRole.NAME + "', true)");
      String its = text(PATH);
      return its.equals(own) ? Optional.empty() : Optional.of(own);
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private String text(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
