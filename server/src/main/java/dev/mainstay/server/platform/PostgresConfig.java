package dev.mainstay.server.platform;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * How PostgreSQL is used.
 *
 * @param connections of this process in its pools, from 4; some more are sessions of their own
 * @param patience how long a start waits for a server that does not answer yet
 */
public record PostgresConfig(DatabaseUrl url, int connections, Duration patience) {
  private static final String CONNECT_TIMEOUT_SECONDS = "10";

  /**
   * @throws SettingException with one sentence that does not repeat the value: it holds a secret
   */
  static DatabaseUrl parse(String text) {
    try {
      DatabaseUrl url = DatabaseUrl.parse(text);
      // The driver's check of the parameters' names belongs to it.
      DataSource unused = dataSource(url, "check");
      return url;
    } catch (DatabaseUrl.SyntaxException e) {
      throw new SettingException(
          "%s is not usable, because %s; it must be %s"
              .formatted(
                  Setting.DATABASE_URL.variable(), e.getMessage(), Setting.DATABASE_URL.allowed()));
    }
  }

  DataSource dataSource(String applicationName) {
    return dataSource(url, applicationName);
  }

  /**
   * For connections whose every answer comes within a time, and else fail: not for long work such
   * as a migration.
   */
  DataSource dataSource(String applicationName, Duration answers) {
    PGSimpleDataSource source = dataSource(url, applicationName);
    String seconds = Long.toString(answers.toSeconds());
    set(source, PGProperty.SOCKET_TIMEOUT.getName(), seconds);
    if (answers.toSeconds() < Integer.parseInt(CONNECT_TIMEOUT_SECONDS)) {
      set(source, PGProperty.CONNECT_TIMEOUT.getName(), seconds);
    }
    return source;
  }

  private static PGSimpleDataSource dataSource(DatabaseUrl url, String applicationName) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(url.hosts().stream().map(DatabaseUrl.Host::name).toArray(String[]::new));
    source.setPortNumbers(url.hosts().stream().mapToInt(DatabaseUrl.Host::port).toArray());
    source.setDatabaseName(url.database());
    url.user().ifPresent(source::setUser);
    url.password().ifPresent(password -> source.setPassword(password.reveal()));
    set(source, PGProperty.APPLICATION_NAME.getName(), applicationName);
    set(source, PGProperty.TCP_KEEP_ALIVE.getName(), "true");
    set(source, PGProperty.CONNECT_TIMEOUT.getName(), CONNECT_TIMEOUT_SECONDS);
    for (Map.Entry<String, String> parameter : url.parameters().entrySet()) {
      set(source, parameter.getKey(), parameter.getValue());
    }
    return source;
  }

  private static void set(PGSimpleDataSource source, String name, String value) {
    if (PGProperty.forName(name) == null) {
      throw new DatabaseUrl.SyntaxException("the driver knows no parameter " + name);
    }
    try {
      source.setProperty(name, value);
    } catch (SQLException | IllegalArgumentException e) {
      throw new DatabaseUrl.SyntaxException("its parameter " + name + " has a wrong value");
    }
  }
}
