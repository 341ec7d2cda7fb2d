package dev.mainstay.server.platform;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings a database to the present schema. */
final class Migrations {
  /** The newest migration in db/migration; a test compares. */
  static final String LATEST = "7";

  private Migrations() {}

  static void run(DataSource source) {
    if (!isCurrent(source)) {
      Flyway.configure()
          .dataSource(source)
          .locations("classpath:db/migration")
          .validateMigrationNaming(true)
          .load()
          .migrate();
    }
  }

  /** Most starts find nothing to do; asking here spares them a third of the classes of a start. */
  private static boolean isCurrent(DataSource source) {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                """
                select version, success from flyway_schema_history
                where version is not null order by installed_rank desc limit 1
                """);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() && rows.getString(1).equals(LATEST) && rows.getBoolean(2);
    } catch (SQLException e) {
      return false; // no such table yet: a new database
    }
  }
}
