package dev.mainstay.server.platform;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Brings a database to the present schema. */
enum Migrations {
  SQLITE("classpath:db/migration"),
  /** Beside other tables, such as those of extensions, as long as they have other names. */
  POSTGRES("classpath:db/postgres") {
    @Override
    FluentConfiguration configure(DataSource source) {
      return super.configure(source).baselineOnMigrate(true).baselineVersion("0");
    }
  };

  /** The newest migration of both databases; a test compares. */
  static final String LATEST = "24";

  private final String location;

  Migrations(String location) {
    this.location = location;
  }

  /** How a database's schema stands to this version of Mainstay. */
  enum State {
    OLDER,
    CURRENT,
    NEWER
  }

  FluentConfiguration configure(DataSource source) {
    return Flyway.configure().dataSource(source).locations(location).validateMigrationNaming(true);
  }

  /** Flyway's lock makes several processes that start at once migrate one after the other. */
  void migrate(DataSource source) {
    configure(source).load().migrate();
  }

  /** Most starts find nothing to do; asking here spares them a third of the classes of a start. */
  State state(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                """
                select version, success from flyway_schema_history
                where version is not null order by installed_rank desc limit 1
                """);
        ResultSet rows = statement.executeQuery()) {
      if (!rows.next() || !rows.getBoolean(2)) {
        return State.OLDER;
      }
      int compared = Integer.compare(number(rows.getString(1)), number(LATEST));
      return compared < 0 ? State.OLDER : compared == 0 ? State.CURRENT : State.NEWER;
    } catch (SQLException e) {
      if (PostgresErrors.INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        throw e;
      }
      return State.OLDER; // no such table yet: a new database
    }
  }

  private static int number(String version) {
    return Integer.parseInt(version.replaceFirst("\\..*", ""));
  }
}
