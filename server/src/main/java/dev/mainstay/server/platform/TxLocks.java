package dev.mainstay.server.platform;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jooq.exception.DataAccessException;

/** Named locks of transactions. */
interface TxLocks {

  /** A transaction of the only writer is alone anyway. */
  TxLocks SINGLE_WRITER =
      new TxLocks() {
        @Override
        public void take(Connection connection, String name) {}

        @Override
        public boolean tryTake(Connection connection, String name) {
          return true;
        }

        @Override
        public boolean rows() {
          return false;
        }
      };

  /** PostgreSQL's advisory locks. Two names may share one, which only makes them wait. */
  TxLocks ADVISORY =
      new TxLocks() {
        @Override
        public void take(Connection connection, String name) {
          boolean unused =
              ask(
                  connection,
                  "select pg_advisory_xact_lock(hashtextextended('mainstay:' || ?, 0)) is not null",
                  name);
        }

        @Override
        public boolean tryTake(Connection connection, String name) {
          return ask(
              connection,
              "select pg_try_advisory_xact_lock(hashtextextended('mainstay:' || ?, 0))",
              name);
        }

        @Override
        public boolean rows() {
          return true;
        }

        private static boolean ask(Connection connection, String query, String name) {
          try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
              return rows.next() && rows.getBoolean(1);
            }
          } catch (SQLException e) {
            throw new DataAccessException("The lock cannot be taken", e);
          }
        }
      };

  void take(Connection connection, String name);

  boolean tryTake(Connection connection, String name);

  /** True if a query has to say that it locks its rows. */
  boolean rows();
}
