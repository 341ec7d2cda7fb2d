package dev.mainstay.server.platform;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import org.jooq.exception.DataAccessException;

/**
 * The role with which PostgreSQL runs what is done for a tenant. It owns nothing and cannot bypass
 * row-level security, whose policies (migration V20) show it the rows of the organization that the
 * transaction names. Role and organization are settings of the transaction: a pooled connection,
 * also behind a pooler of transactions, has neither once it is over.
 *
 * @param serverRole what {@code role} is set to for the server's own work; usually {@code none}
 * @param searchPath where the role finds the tables; empty if that is where the server finds them
 */
record TenantRole(String serverRole, Optional<String> searchPath) {
  static final String NAME = "mainstay_app";

  private static final String BECOME = "set_config('role', '" + NAME + "', true)";
  private static final String OF = "set_config('mainstay.organization', ?, true)";
  private static final String PATH = "set_config('search_path', ?, true)";

  private static final String ENTER = "select " + BECOME + ", " + OF;
  private static final String ENTER_WITH_PATH = ENTER + ", " + PATH;
  private static final String LIFT = "select set_config('role', ?, true)";
  private static final String RESTORE = "select " + BECOME;

  /** Confines the connection's transaction, to its end, to the rows of a tenant. */
  void enter(Connection transaction, Tenant tenant) throws SQLException {
    if (searchPath.isPresent()) {
      run(transaction, ENTER_WITH_PATH, tenant.organizationId(), searchPath.get());
    } else {
      run(transaction, ENTER, tenant.organizationId());
    }
  }

  /** For a transaction that was confined by {@link #enter}. */
  TxConfinement confinement() {
    return new TxConfinement() {
      @Override
      public void lift(Connection connection) {
        change(connection, LIFT, serverRole);
      }

      @Override
      public void restore(Connection connection) {
        change(connection, RESTORE);
      }
    };
  }

  private static void change(Connection connection, String sql, String... values) {
    try {
      run(connection, sql, values);
    } catch (SQLException e) {
      throw new DataAccessException("The transaction's role cannot be changed", e);
    }
  }

  private static void run(Connection connection, String sql, String... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      statement.execute();
    }
  }
}
