package dev.mainstay.server.platform;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL server of a test's own, to which anything may happen. */
public final class PostgresFaults implements AutoCloseable {
  private final EmbeddedPostgres server;
  private final Path data;

  private PostgresFaults(EmbeddedPostgres server, Path data) {
    this.server = server;
    this.data = data;
  }

  public static PostgresFaults start() throws IOException {
    Path data = Files.createTempDirectory("faults");
    return new PostgresFaults(
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(true)
            .setServerConfig("max_connections", "60")
            .start(),
        data);
  }

  /** What a server is told. */
  public String url() {
    return "postgresql://postgres:%s@localhost:%d/postgres"
        .formatted(TestDatabases.PASSWORD, server.getPort());
  }

  public void execute(String sql) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** A session of the caller's, in a transaction that it ends. */
  public Connection begin() throws SQLException {
    Connection connection = server.getPostgresDatabase().getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  /** Ends all sessions but the one that says so. */
  public void cutConnections() throws SQLException {
    execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = 'postgres'");
  }

  private List<ProcessHandle> processes() throws IOException {
    long pid =
        Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
    return ProcessHandle.of(pid).stream()
        .flatMap(main -> Stream.concat(Stream.of(main), main.descendants()))
        .toList();
  }

  private void signal(String signal) throws IOException, InterruptedException {
    for (ProcessHandle process : processes()) {
      int unused =
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    }
  }

  /** Nothing of it answers until {@link #thaw}. */
  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  public void thaw() throws IOException, InterruptedException {
    if (Files.exists(data.resolve("postmaster.pid"))) {
      signal("CONT");
    }
  }

  /** SIGKILL for all of it. */
  public void kill() throws IOException, InterruptedException {
    signal("KILL");
  }

  @Override
  public void close() throws IOException {
    try {
      server.close();
    } catch (IOException | RuntimeException e) {
      // It was killed.
    }
  }
}
