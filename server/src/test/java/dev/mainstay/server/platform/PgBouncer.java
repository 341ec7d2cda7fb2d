package dev.mainstay.server.platform;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A PgBouncer of a test's own before the tests' PostgreSQL server. */
final class PgBouncer implements AutoCloseable {
  private static final List<Path> PLACES =
      List.of(
          Path.of("/usr/sbin/pgbouncer"),
          Path.of("/usr/bin/pgbouncer"),
          Path.of("/usr/local/bin/pgbouncer"),
          Path.of("/opt/homebrew/bin/pgbouncer"));

  private final Path directory;
  private final Process process;
  private final int port;
  private final String database;

  private PgBouncer(Path directory, String database, Process process, int port) {
    this.directory = directory;
    this.database = database;
    this.process = process;
    this.port = port;
  }

  /**
   * @param database whose owner has the same name
   * @param poolMode {@code session}, {@code transaction} or {@code statement}
   * @param more further lines of its configuration
   */
  static PgBouncer start(String database, String poolMode, String... more) throws Exception {
    Path binary =
        PLACES.stream()
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(
                () ->
                    new AssertionError(
                        "pgbouncer is missing, which this test needs: apt-get install pgbouncer"));
    Path directory =
        Files.createTempDirectory(
            "pgbouncer",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    int port = freePort();
    Path settings = directory.resolve("pgbouncer.ini");
    Files.writeString(
        settings,
        """
        [databases]
        %s = host=127.0.0.1 port=%d user=%s
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = any
        pool_mode = %s
        ignore_startup_parameters = extra_float_digits
        %s
        """
            .formatted(
                database, TestPostgres.port(), database, port, poolMode, String.join("\n", more)));
    List<String> command = new ArrayList<>(List.of(binary.toString()));
    if (System.getProperty("user.name").equals("root")) {
      // As root it does not run.
      command.addAll(List.of("-u", "nobody"));
    }
    command.add(settings.toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    PgBouncer started = new PgBouncer(directory, database, process, port);
    started.awaitListening();
    return started;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void awaitListening() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.readString(directory.resolve("log")).contains("process up")) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        String log = Files.readString(directory.resolve("log"));
        close();
        throw new AssertionError(log);
      }
      Thread.onSpinWait();
    }
  }

  /** What a server is told. */
  String url() {
    return "postgresql://%s:%s@localhost:%d/%s"
        .formatted(database, TestDatabases.PASSWORD, port, database);
  }

  @Override
  public void close() throws InterruptedException, IOException {
    process.destroy();
    process.waitFor();
    Files.deleteIfExists(directory.resolve("log"));
    Files.deleteIfExists(directory.resolve("pgbouncer.ini"));
    Files.deleteIfExists(directory);
  }
}
